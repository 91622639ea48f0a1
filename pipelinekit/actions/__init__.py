"""What stands in for `uses:`: one file per action, the table in all_actions."""
