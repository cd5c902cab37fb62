"""A recipient of Assent's webhooks: it verifies each message, stops what it is told to stop, and confirms it.

    WEBHOOK_SECRET=whsec_... python3 receiver.py [PORT]
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
LARGEST = 64 * 1024

# A real recipient has these in its database, and answers only after it has committed.
answers = {}  # webhook-id: the answer to it
newest = {}  # record: the highest subjectSequence of it
stopped = set()  # records that are not processed any more
people = {}  # dataPrincipalId: what it holds of the person


def take(message):
    """Does what the message asks, and returns the answer."""
    data = message["data"]
    record, sequence = data.get("recordId"), data.get("subjectSequence")
    # No order is promised: what is older than what is known changes nothing.
    is_older = sequence is not None and sequence < newest.get(record, 0)
    if sequence is not None and not is_older:
        newest[record] = sequence
    asks_to_cease = data.get("acknowledgeBy") is not None
    if asks_to_cease and not is_older:
        stopped.add(record)
        people.pop(data.get("dataPrincipalId"), None)
        print(f"{message['type']}: stopped {record} for {', '.join(data['purposes'])}", flush=True)
    elif message["type"] == "consent.given" and not is_older:
        stopped.discard(record)
    return {"acknowledgement": {"outcome": "ceased"}} if asks_to_cease else {}


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if not 0 <= length <= LARGEST:
            return self.answer(413, {"error": "too large"})
        try:
            message = WEBHOOK.verify(self.rfile.read(length), dict(self.headers))
        except (WebhookVerificationError, ValueError) as error:
            return self.answer(401, {"error": str(error)})
        # The same message may arrive several times.
        webhook_id = self.headers["webhook-id"]
        if webhook_id not in answers:
            answers[webhook_id] = take(message)
        self.answer(200, answers[webhook_id])

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Not each request."""


server = HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 9000), Receiver)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
