// A recipient of Assent's webhooks: it verifies each message, stops what it is told to stop, and confirms it.
//
//     WEBHOOK_SECRET=whsec_... node receiver.js [PORT]
'use strict';

const http = require('node:http');
const { Webhook } = require('standardwebhooks');

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const LARGEST = 64 * 1024;

// A real recipient has these in its database, and answers only after it has committed.
const answers = new Map(); // webhook-id: the answer to it
const newest = new Map(); // record: the highest subjectSequence of it
const stopped = new Set(); // records that are not processed any more
const people = new Map(); // dataPrincipalId: what it holds of the person

// Does what the message asks, and returns the answer.
function take({ type, data }) {
    const { recordId, subjectSequence, purposes, dataPrincipalId } = data;
    // No order is promised: what is older than what is known changes nothing.
    const isOlder = subjectSequence != null && subjectSequence < (newest.get(recordId) ?? 0);
    if (subjectSequence != null && !isOlder) newest.set(recordId, subjectSequence);
    const asksToCease = data.acknowledgeBy != null;
    if (asksToCease && !isOlder) {
        stopped.add(recordId);
        people.delete(dataPrincipalId);
        console.log(`${type}: stopped ${recordId} for ${purposes.join(', ')}`);
    } else if (type === 'consent.given' && !isOlder) {
        stopped.delete(recordId);
    }
    return asksToCease ? { acknowledgement: { outcome: 'ceased' } } : {};
}

const server = http.createServer(async (request, response) => {
    const answer = (status, body) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const chunks = [];
    let length = 0;
    try {
        for await (const chunk of request) {
            length += chunk.length;
            if (length > LARGEST) return answer(413, { error: 'too large' });
            chunks.push(chunk);
        }
    } catch {
        return; // The connection has ended.
    }
    let message;
    try {
        message = webhook.verify(Buffer.concat(chunks), request.headers);
    } catch (error) {
        return answer(401, { error: error.message });
    }
    // The same message may arrive several times.
    const id = request.headers['webhook-id'];
    if (!answers.has(id)) answers.set(id, take(message));
    answer(200, answers.get(id));
});

server.listen(Number(process.argv[2] ?? 9000), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
