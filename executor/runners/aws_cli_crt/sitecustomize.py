"""Lets the AWS CLI 2.9 use a CRT that answers faster than its threads take turns.

Python imports this by its name, as it lies beside the AWS CRT that cli-crt is given (PYTHONPATH).

In `awscli.s3transfer.crt` a request is made first, and its future stored on the coordinator after that. Where the answer comes in
between, as it does on loopback now and then, the callback of its end asks a future that is not there yet and the transfer fails with
`'NoneType' object has no attribute 'result'`. Here the callback waits until the future is there. Nothing else is changed.
"""

import importlib.abc
import importlib.machinery
import sys
import threading

MODULE = "awscli.s3transfer.crt"


def let_callbacks_wait(module):
    """Makes `result` of the coordinator wait for the request that it is the result of."""
    coordinator = module.CRTTransferCoordinator
    initialise, set_request, result = coordinator.__init__, coordinator.set_s3_request, coordinator.result
    set_exception = coordinator.set_exception

    def __init__(self, *args, **kwargs):
        self._request_is_set = threading.Event()
        initialise(self, *args, **kwargs)

    def set_s3_request(self, s3_request):
        set_request(self, s3_request)
        self._request_is_set.set()

    def set_exception_(self, *args, **kwargs):
        set_exception(self, *args, **kwargs)
        self._request_is_set.set()

    def result_(self, timeout=None):
        self._request_is_set.wait(timeout)
        return result(self, timeout)

    coordinator.__init__ = __init__
    coordinator.set_s3_request = set_s3_request
    coordinator.set_exception = set_exception_
    coordinator.result = result_


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module as it is found anyway, and mends it once it is loaded."""

    def find_spec(self, name, path, target=None):
        if name != MODULE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            let_callbacks_wait(module)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder())
