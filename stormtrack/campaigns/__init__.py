"""Campaigns: one plan for many years, members, signs, done by any workers, and gone on with.

`files` reads what a campaign is, `expansion` makes its tasks, `work` does one on a worker, `runner` has all of them
done; `ledger` knows what is finished, `claims` who is at work on what.
"""
