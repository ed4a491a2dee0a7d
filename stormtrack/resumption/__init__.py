"""What runs that go on after an interrupt share: who is at work, checksums of files, how a piece of work ended."""
