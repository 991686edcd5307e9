"""How a session can end before all repeats are done."""


class Skip(Exception):
    """The client cannot do this workload; the reason is for people. Exit code 123."""


class Failed(Exception):
    """The run failed; the reason is for people. Exit code 255."""


class Interrupted(BaseException):
    """SIGINT, SIGTERM, or the process that started us is gone. Exit code 130.

    Not an `Exception`, so that no handler of failures takes it for one.
    """


class Busy(Exception):
    """A request was not begun because the session is being stopped."""
