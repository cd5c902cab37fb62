// Every page, in every language: everybody can read and use it, on a narrow phone, with what the page alone brings.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import {
    api,
    base,
    catalogue,
    consent,
    launch,
    link,
    locales,
    missingGlyphs,
    openWindow,
    personOf,
    problemsOf,
    publishNotice,
    questionLink,
    serve,
} from './support.mjs';

let browser;
let english;
let receiver;

before(async () => {
    browser = await launch();
    english = await publishNotice('en');
    // One recipient takes what it is told, and the other cannot be reached.
    receiver = await serve('127.0.0.1', (request, response) => response.writeHead(204).end());
    for (const port of [receiver.port, 9]) {
        const delivery = { kind: 'webhook', url: `http://127.0.0.1:${port}/` };
        await api('POST', '/v1/recipients', { name: 'Acme Mail', role: 'processor', purposes: ['*'], delivery });
    }
});
after(async () => {
    await browser?.close();
    receiver?.close();
});

// Two at a time, because a page also waits for the system, and a consent for its end.
describe('every page', { concurrency: 2 }, () => {
    for (const locale of locales) {
        test(`the pages in ${locale}`, async () => {
            const notice = await publishNotice(locale);
            const { principal, recordId } = await personOf(notice);
            // A notice that the person's language lacks.
            const other = await consent(principal, english, { orders: 'granted' });
            const window = await openWindow(browser, { locale });
            const { page } = window;
            const problems = [];
            const check = async (name, status) => {
                const found = await problemsOf(window, locale, status);
                problems.push(...found.map((problem) => `${name}: ${problem}`));
            };
            const show = async (name, path, status) => {
                await page.goto(`${base}/p/${path}`);
                await check(name, status);
            };

            await page.goto(await link(principal, { locale, delivery: 'message' }));
            await check('open');
            await page.locator('form button').click();
            await check('home');
            // Those of both notices, two of them granted.
            assert.deepEqual([await page.locator('section').count(), await page.locator('.live').count()], [5, 2]);
            if (locale === 'en') {
                await page.emulateMedia({ colorScheme: 'dark' });
                await check('home in the dark');
                await page.emulateMedia({ colorScheme: null });
            }
            await show('notice', `notice?record=${recordId}`);
            await show('notice in another language', `notice?record=${other.recordId}`);
            await show('history', 'history');
            await show('told', 'told');
            assert((await page.locator('section li').count()) >= 2);
            await show('copy', 'copy');
            await show('grievances', 'grievances');
            await page.locator('form button').click();
            await check('grievances without a text', 400);
            await page.locator('textarea').fill(catalogue(locale)['grievances-title']);
            await page.locator('form button').click();
            await check('grievance sent');
            await show('error', 'notice?record=unknown', 404);

            await page.goto(await questionLink(principal, notice, { locale, returnUrl: 'https://shop.example/' }));
            await check('question');
            await page.locator('form button').click();
            await check('question without answers', 400);
            for (const fieldset of await page.locator('fieldset').all()) await fieldset.locator('input').first().check();
            await page.locator('fieldset input').last().check();
            await page.locator('form button').click();
            await check('answered');

            await page.goto(await link(principal, { locale }));
            await page.locator('form[action=withdraw] button').last().click();
            await check('withdrawn');
            await show('erasure', 'erasure');
            await page.locator('form button').click();
            await check('erasure without the tick', 400);
            await page.locator('[name=confirmed]').check();
            await page.locator('form button').click();
            await check('erased');
            await show('session ended', 'home', 401);

            // Every text of the catalogue, also those that none of these pages shows.
            await page.evaluate((texts) => {
                document.querySelector('main').textContent = texts.join('\n');
            }, Object.values(catalogue(locale)));
            await page.evaluate(() => document.fonts.ready);
            problems.push(...(await missingGlyphs(window, locale)).map((problem) => `catalogue: ${problem}`));
            await window.context.close();
            assert.deepEqual(problems, []);
        });
    }
});

test('a character that no font has is found', async () => {
    const window = await openWindow(browser);
    await window.page.setContent('<p lang="hi">नमस्ते <b>\u{e123}</b></p>');
    const problems = await missingGlyphs(window, 'hi');
    assert.equal(problems.length, 1);
    assert.match(problems[0], /U\+e123/);
    await window.context.close();
});
