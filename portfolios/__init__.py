"""Who is responsible: services and their officers; the directory comes on top."""
