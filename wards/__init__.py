"""Places: dated ward sets, postcodes, councillors."""
