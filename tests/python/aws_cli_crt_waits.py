"""The AWS CLI as cli-crt uses it: a transfer must not fail if its answer comes before its request is stored."""

import threading

from awscli.s3transfer.crt import CRTTransferCoordinator


class Future:
    def result(self, timeout=None):
        return None

    def done(self):
        return True


class Request:
    finished_future = Future()


coordinator = CRTTransferCoordinator()
outcome = []


def callback():
    try:
        outcome.append(coordinator.result())
    except BaseException as error:
        outcome.append(repr(error))


thread = threading.Thread(target=callback)
thread.start()
thread.join(0.2)
assert outcome == [], f"it did not wait: {outcome}"
coordinator.set_s3_request(Request())
thread.join(30)
assert outcome == [None], outcome

failed = CRTTransferCoordinator()
failed.set_exception(ValueError("no request was made"), True)
try:
    failed.result()
    raise SystemExit("an exception is lost")
except ValueError:
    print("ok")
