// How fast the pages are on a slow network and a slow phone, and how Lighthouse rates them.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { base, launch, link, locales, openWindow, personOf, publishNotice, questionLink, serve } from './support.mjs';

// GPRS at its best, and a phone that is six times slower than this machine.
const LATENCY = 800;
const BYTES_PER_SECOND = 280_000 / 8;
const SLOWER = 6;
const LIMIT = 2000;

let browser;
let port;

before(async () => {
    // Lighthouse reaches Chromium by this port.
    const free = await serve('127.0.0.1', () => {});
    ({ port } = free);
    free.close();
    browser = await launch({ args: [`--remote-debugging-port=${port}`] });
    // The throttle delays requests and responses. The handshakes of TCP and TLS 1.3 take one round trip each.
    console.log(`the connections are open: a new one would add ${2 * LATENCY} ms to its first page`);
});
after(() => browser?.close());

async function throttled({ context, page }) {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: LATENCY,
        downloadThroughput: BYTES_PER_SECOND,
        uploadThroughput: BYTES_PER_SECOND,
    });
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

/** The milliseconds from the request of this page to its end, of up to three tries: other programs run here too. */
async function milliseconds(page, path) {
    let best = Infinity;
    for (let tries = 0; tries < 3 && best > LIMIT; tries += 1) {
        await page.goto(`${base}/p/${path}`);
        const taken = await page.evaluate(() => performance.getEntriesByType('navigation')[0].duration);
        best = Math.min(best, Math.round(taken));
    }
    return best;
}

for (const locale of locales) {
    test(`the pages in ${locale} are complete within ${LIMIT} ms on a slow network`, async (context) => {
        const notice = await publishNotice(locale);
        const { principal } = await personOf(notice);
        const window = await openWindow(browser, { locale });
        const { page } = window;
        // The connection is open from here on, and the font of the language is in the cache.
        await page.goto(await questionLink(principal, notice, { locale }));
        await throttled(window);
        const slow = [];
        for (const path of ['home', 'question', 'grievances']) {
            const taken = await milliseconds(page, path);
            context.diagnostic(`${path}: ${taken} ms`);
            if (taken > LIMIT) slow.push(path);
        }
        await window.context.close();
        assert.deepEqual(slow, []);
    });
}

test('Lighthouse finds nothing to improve', async (context) => {
    const require = createRequire(new URL('../../.tools/lighthouse-npm/', import.meta.url));
    const { default: lighthouse } = await import(require.resolve('lighthouse'));
    const notice = await publishNotice('en');
    const { principal } = await personOf(notice);
    const window = await openWindow(browser);
    await window.page.goto(await questionLink(principal, notice));
    const [{ name, value }] = await window.context.cookies();
    const onlyCategories = ['performance', 'accessibility', 'best-practices'];
    const options = { port, onlyCategories, extraHeaders: { Cookie: `${name}=${value}` }, logLevel: 'error' };
    for (const path of ['home', 'question', 'grievances']) {
        const best = {};
        // Up to three tries: other programs run here too.
        for (let tries = 0; tries < 3 && onlyCategories.some((id) => best[id] !== 1); tries += 1) {
            const { lhr } = await lighthouse(`${base}/p/${path}`, options);
            assert.equal(lhr.runtimeError, undefined);
            for (const { id, score } of Object.values(lhr.categories)) best[id] = Math.max(best[id] ?? 0, score);
            const audits = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 1);
            for (const { id, score } of audits) context.diagnostic(`${path}: ${id}: ${score}`);
        }
        assert.deepEqual(best, Object.fromEntries(onlyCategories.map((id) => [id, 1])), path);
    }
    await window.context.close();
});
