"""What an author may have meant: slips that do not stop a problem, or stop it only when learners come."""
