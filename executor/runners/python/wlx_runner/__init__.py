"""The Python runner: S3 libraries of Python behind one small interface.

Where things are: `session` is the life of the process, `repeat` puts the tasks of one repeat on the clock, `client` is
the interface, and `clients/` has one module for each library. Deliberately absent: anything that measures for longer
than a repeat, retries of whole tasks, and generated data inside a timed section.
"""
