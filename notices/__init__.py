"""What is sent to whom: the outbox, subscriptions, delivery."""
