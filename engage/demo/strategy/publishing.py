"""Publishing the findings and the feedback of the strategy, on their days."""
