"""The command line: its commands, their words and exit codes. The only room that prints."""
