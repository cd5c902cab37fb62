// What a person does on their pages, from the link to the end.

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { after, before, test } from 'node:test';

import {
    api,
    base,
    launch,
    link,
    openWindow,
    personOf,
    problemsOf,
    publishNotice,
    questionLink,
    recordsOf,
    serve,
    states,
    unique,
} from './support.mjs';

let browser;
let notice;

before(async () => {
    browser = await launch();
    notice = await publishNotice('en');
});
after(() => browser?.close());

/** A test in a window that runs no scripts. */
const withoutScripts = (name, run) =>
    test(`without scripts: ${name}`, async () => {
        const window = await openWindow(browser, { javaScriptEnabled: false, locale: 'en' });
        await run(window.page, window);
        await window.context.close();
    });

const withdrawal = (page, code) => page.locator(`form[action=withdraw]:has([value=${code}]) button`);
const title = (page) => page.locator('h1').innerText();
async function download(page, control) {
    const [file] = await Promise.all([page.waitForEvent('download'), control.click()]);
    return JSON.parse(await fs.readFile(await file.path(), 'utf8'));
}

withoutScripts('a link of a redirect opens once', async (page, window) => {
    const { principal } = await personOf(notice);
    const url = await link(principal);
    assert(!url.includes(principal));
    await page.goto(url);
    assert.equal(page.url(), `${base}/p/home`);
    assert.equal(await title(page), 'What you agreed to');
    await page.goto(url);
    assert.equal(window.response.status(), 410);
});

withoutScripts('a link of a message opens with its button, once', async (page, window) => {
    const { principal } = await personOf(notice);
    const url = await link(principal, { delivery: 'message' });
    // Programs that check messages open it too.
    for (const _ of [1, 2]) await page.goto(url);
    await page.locator('button').click();
    assert.equal(page.url(), `${base}/p/home?lang=en`);
    assert.equal(await title(page), 'What you agreed to');
    await page.goto(url);
    assert.equal(window.response.status(), 410);
});

withoutScripts('one purpose is withdrawn with one press of the home page', async (page, window) => {
    const { principal } = await personOf(notice);
    await page.goto(await link(principal));
    const posts = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await withdrawal(page, 'orders').click();
    assert.deepEqual(posts, [`${base}/p/withdraw`]);
    assert.equal(window.response.status(), 200);
    assert.match(await page.locator('[role=status]').innerText(), /^Your consent is withdrawn\./);
    assert.equal(await withdrawal(page, 'orders').count(), 0);
    assert.equal((await states(principal)).orders, 'withdrawn');
});

withoutScripts('everything is withdrawn', async (page) => {
    const { principal } = await personOf(notice);
    await page.goto(await questionLink(principal, notice));
    for (const fieldset of await page.locator('fieldset').all()) await fieldset.locator('input').first().check();
    await page.locator('form button').click();
    await page.goto(await link(principal));
    assert.equal(await page.locator('section form').count(), 4);
    await page.getByText('Withdraw everything').click();
    assert.equal(await page.locator('form').count(), 0);
    await page.goto(`${base}/p/history`);
    assert.match(await page.locator('main').innerText(), /Your consent was withdrawn\. You did this on this page\./);
    assert((await recordsOf(principal)).every(({ status }) => status !== 'active'));
});

withoutScripts('a question is answered, when every purpose has an answer', async (page, window) => {
    const principal = unique('person');
    await page.goto(await questionLink(principal, notice, { returnUrl: 'https://shop.example/thanks' }));
    assert.equal(page.url(), `${base}/p/question`);
    assert.equal(await page.locator('input:checked').count(), 0);
    await page.locator('[name="purpose.orders"][value=granted]').check();
    await page.locator('[name="purpose.offers"][value=denied]').check();
    await page.locator('form button').click();
    assert.equal(window.response.status(), 400);
    assert.equal(await page.locator('[role=alert] a').count(), 2);
    assert.equal(await page.locator('input:checked').count(), 2);
    assert.deepEqual(await states(principal), {});
    await page.locator('[role=alert] a').first().click();
    await page.locator('[name="purpose.visits"][value=denied]').check();
    await page.locator('[name="purpose.survey"][value=granted]').check();
    await page.locator('form button').click();
    assert.equal(window.response.status(), 200);
    assert.equal(await title(page), 'Your answers are saved');
    const answers = { orders: 'granted', offers: 'denied', visits: 'denied', survey: 'granted' };
    assert.deepEqual(await states(principal), answers);
    const back = page.locator('main a').last();
    assert.equal(await back.getAttribute('href'), 'https://shop.example/thanks');
    const receipt = await download(page, page.getByText('Download the receipt'));
    assert.equal(typeof receipt, 'object');
});

withoutScripts('a complaint is made', async (page, window) => {
    const principal = unique('person');
    await page.goto(await link(principal));
    await page.getByRole('link', { name: 'Complaints' }).click();
    await page.locator('form button').click();
    assert.equal(window.response.status(), 400);
    assert.match(await page.locator('[role=alert]').innerText(), /^Please write your complaint\./);
    await page.locator('textarea').fill('I get offers that I refused.');
    await page.locator('form button').click();
    const [grievance] = (await api('GET', `/v1/dpdp/grievances?dataPrincipalId=${principal}`)).grievances;
    assert.match(await page.locator('[role=status]').innerText(), new RegExp(grievance.referenceNumber));
});

withoutScripts('a copy of the data and a receipt are taken', async (page) => {
    const { principal, recordId } = await personOf(notice);
    await page.goto(await link(principal));
    await page.getByRole('link', { name: 'My data', exact: true }).click();
    const copy = await download(page, page.getByText('Download my data'));
    assert.equal(copy.dataPrincipalId, principal);
    assert(copy.records.some((record) => record.recordId === recordId));
    const receipt = await download(page, page.getByText('Receipt', { exact: true }).first());
    assert.equal(typeof receipt, 'object');
});

withoutScripts('a person is erased', async (page, window) => {
    const { principal } = await personOf(notice);
    await page.goto(await link(principal));
    await page.getByRole('link', { name: 'Erase my data' }).click();
    await page.locator('form button').click();
    assert.equal(window.response.status(), 400);
    assert.equal((await states(principal)).orders, 'granted');
    await page.locator('[name=confirmed]').check();
    await page.locator('form button').click();
    assert.equal(window.response.status(), 200);
    assert.deepEqual(await states(principal), {});
    await page.goto(`${base}/p/home`);
    assert.equal(window.response.status(), 401);
});

withoutScripts('another language keeps the place', async (page) => {
    const { principal, recordId } = await personOf(notice);
    await page.goto(await link(principal));
    for (const path of ['home', 'history', 'told', 'grievances', 'copy', 'erasure', `notice?record=${recordId}`]) {
        await page.goto(`${base}/p/${path}`);
        await page.locator('footer a[hreflang=ta]').click();
        assert.equal(page.url(), `${base}/p/${path}${path.includes('?') ? '&' : '?'}lang=ta`);
        assert.equal(await page.locator('html').getAttribute('lang'), 'ta');
    }
    // Links and forms go on in that language.
    await page.locator('header a').first().click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ta');
    await withdrawal(page, 'orders').click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ta');
    await page.goto(await questionLink(principal, notice));
    await page.locator('footer a[hreflang=ur]').click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ur');
    assert.equal(await page.locator('fieldset').count(), 4);
});

/** Presses Tab until this is focused, and finds that all that is on the way shows when it is focused. */
async function tabTo(page, selector) {
    for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate((selector) => {
            const element = document.activeElement;
            const outline = () => {
                const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
                return outlineStyle === 'none' ? 'none' : [outlineStyle, outlineWidth, outlineColor].join(' ');
            };
            const isThere = element.matches(selector);
            const shown = outline();
            const { top, bottom } = element.getBoundingClientRect();
            const isInView = bottom > 0 && top < innerHeight;
            element.blur();
            const unfocused = outline();
            element.focus({ focusVisible: true });
            return { html: element.outerHTML, isThere, shown, unfocused, isInView };
        }, selector);
        assert.notEqual(focused.shown, 'none', focused.html);
        assert.notEqual(focused.shown, focused.unfocused, focused.html);
        assert(focused.isInView, focused.html);
        if (focused.isThere) return;
    }
    assert.fail(`Tab does not lead to ${selector}`);
}

test('a consent is given with the keyboard alone', async () => {
    const principal = unique('person');
    const { page, context } = await openWindow(browser);
    await page.goto(await questionLink(principal, notice));
    await tabTo(page, '[name="purpose.orders"]');
    await page.keyboard.press('Space');
    await tabTo(page, '[name="purpose.offers"]');
    // The second radio button of the group: to refuse.
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '[name="purpose.visits"]');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '[name="purpose.survey"]');
    await page.keyboard.press('Space');
    await tabTo(page, 'form button');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    const answers = { orders: 'granted', offers: 'denied', visits: 'denied', survey: 'granted' };
    assert.deepEqual(await states(principal), answers);
    await context.close();
});

test('a consent is withdrawn with the keyboard alone', async () => {
    const { principal } = await personOf(notice);
    const { page, context } = await openWindow(browser);
    await page.goto(await link(principal));
    await tabTo(page, 'form[action=withdraw] button');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Space')]);
    assert.equal((await states(principal)).orders, 'withdrawn');
    await context.close();
});

test('no script and no other site gets the cookie', async (running) => {
    const { principal } = await personOf(notice);
    const window = await openWindow(browser);
    const { page, context } = window;
    const response = await fetch(await link(principal), { redirect: 'manual' });
    const [pair, ...attributes] = response.headers.get('set-cookie').split('; ');
    assert.match(pair, /^__Host-assent=./);
    assert.deepEqual(attributes.map((it) => it.replace(/^Max-Age=.*/, 'Max-Age')).sort(), [
        'HttpOnly',
        'Max-Age',
        'Path=/',
        'SameSite=Lax',
        'Secure',
    ]);
    await page.goto(await link(principal));
    const [cookie] = await context.cookies();
    assert.deepEqual(
        [cookie.name, cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path],
        ['__Host-assent', true, true, 'Lax', '/'],
    );
    assert.equal(await page.evaluate(() => document.cookie), '');

    // The worst case: the other site knows the token of a form of this session.
    const token = await page.locator('[name=token]').first().inputValue();
    for (const host of ['localhost', '127.0.0.1']) {
        const site = await serve(host, (request, response) => {
            response.setHeader('Content-Type', 'text/html');
            response.end(
                `<form method=post action="${base}/p/withdraw"><input name=token value="${token}">` +
                    '<input name=lang value=en><button>Win</button></form>',
            );
        });
        running.after(() => site.close());
        await page.goto(`http://${host}:${site.port}/`);
        await page.getByText('Win').click();
        // Another site's form has no cookie. One of another port of this host has it, because a port is no site.
        assert.equal(window.response.status(), host === 'localhost' ? 401 : 403);
        assert.equal((await states(principal)).orders, 'granted');
    }
    await context.close();
});

test('what organisations and persons write is shown as text', async () => {
    const attack = (name) =>
        `${name}<script>ran = 1</script><img src=x onerror="ran = 1">"'>&lt;\u202egnp.exe\u202c \u2066x \u200b\u200d\u00ad` +
        `</textarea></title></style><b>bold</b>${'W'.repeat(80)}`;
    const hostile = await publishNotice('en', {
        title: attack('title'),
        content: attack('content'),
        services: attack('services'),
        data: attack('data'),
        purposes: [attack('orders'), attack('offers'), attack('visits'), attack('survey')],
    });
    const { principal, recordId } = await personOf(hostile);
    const window = await openWindow(browser, { locale: 'en' });
    const { page } = window;
    const check = async (names, status) => {
        const shown = await page.evaluate(() => ({
            text: document.querySelector('main').textContent,
            elements: document.querySelectorAll('script, img, main b').length,
            ran: globalThis.ran,
        }));
        for (const name of names) assert(shown.text.includes(attack(name)), `${page.url()} does not show ${name}`);
        assert.equal(shown.elements, 0);
        assert.equal(shown.ran, undefined);
        assert.deepEqual(await problemsOf(window, 'en', status), [], page.url());
    };
    const purposes = ['orders', 'offers', 'visits', 'survey'];
    await page.goto(await link(principal));
    await check(purposes);
    await page.goto(`${base}/p/notice?record=${recordId}`);
    await check(['title', 'content', 'services', 'data', ...purposes]);
    for (const path of ['history', 'copy']) {
        await page.goto(`${base}/p/${path}`);
        await check(purposes);
    }
    await page.goto(`${base}/p/grievances`);
    await page.locator('textarea').fill(attack('complaint').repeat(60));
    await page.locator('form button').click();
    assert.equal(await page.locator('textarea').inputValue(), attack('complaint').repeat(60));
    await check([], 400);
    await page.goto(await questionLink(principal, hostile));
    await check(['title', 'content', 'services', 'data', ...purposes]);
    for (const fieldset of await page.locator('fieldset').all()) await fieldset.locator('input').first().check();
    await page.locator('form button').click();
    await check(purposes);
    await window.context.close();
});
