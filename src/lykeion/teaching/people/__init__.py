"""Lists of people to whom the team does one thing: read, looked at first, done line by line, taken back."""
