// What the tests of the pages share: calls of the API, persons with consents, Chromium, and the checks of one page.
// BASE_URL and API_KEY name the running system, and CHROMIUM the program; the packages are in .tools/browser-npm.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const root = new URL('../../', import.meta.url);
const require = createRequire(new URL('.tools/browser-npm/', root));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const { chromium } = require('playwright-core');

const { BASE_URL, API_KEY, CHROMIUM } = process.env;
assert(BASE_URL && API_KEY && CHROMIUM, 'BASE_URL, API_KEY and CHROMIUM must be set, as scripts/browser does');
export const base = BASE_URL;

/** The tags of the languages, from the catalogues of the pages. */
export const locales = fs
    .readdirSync(new URL('pages/messages/', root))
    .map((file) => path.basename(file, '.ftl'))
    .sort();
/** Those that are written from right to left. */
const rightToLeft = ['ks', 'sd', 'ur'];
/** The scripts whose font a page brings along, because few devices have one. */
const ownScripts = { 'mni-Mtei': /\p{Script=Meetei_Mayek}/u, sat: /\p{Script=Ol_Chiki}/u };

/** Calls the API, and returns the body. */
export async function api(method, route, body) {
    const response = await fetch(base + route, {
        method,
        headers: { Authorization: `Bearer ${API_KEY}`, ...(body && { 'Content-Type': 'application/json' }) },
        body: body && JSON.stringify(body),
    });
    const text = await response.text();
    assert(response.ok, `${method} ${route}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
}

/** A different name on every call. */
export const unique = (stem) => `${stem}-${randomUUID()}`;
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The messages of a language by their keys. */
export function catalogue(locale) {
    const text = fs.readFileSync(new URL(`pages/messages/${locale}.ftl`, root), 'utf8');
    return Object.fromEntries([...text.matchAll(/^([a-z0-9-]+) = (.*)$/gm)].map(([, key, value]) => [key, value]));
}

/** Publishes a notice in one language. Its texts are those of the language's catalogue, unless others are given. */
export async function publishNotice(language, texts = {}) {
    const messages = catalogue(language);
    const purpose = (code, description) => ({
        code,
        description,
        services: texts.services ?? messages['nav-told'],
        necessary: code === 'orders',
        dataItems: ['email'],
    });
    const [orders, offers, visits, survey] = texts.purposes ?? [
        messages['history-title'],
        messages['grievances-title'],
        messages['told-title'],
        messages['copy-title'],
    ];
    const notice = {
        noticeId: unique('notice'),
        version: '1.0',
        language,
        title: texts.title ?? messages['home-title'],
        content: texts.content ?? `${messages['home-intro']}\n\n${messages['question-intro']}`,
        dataItems: [{ code: 'email', description: texts.data ?? messages['nav-copy'] }],
        purposes: [
            purpose('orders', orders),
            purpose('offers', offers),
            purpose('visits', visits),
            purpose('survey', survey),
        ],
        links: { rights: 'https://shop.example/rights' },
        grievanceOfficer: { name: 'Acme Shops', email: 'grievance@shop.example', phone: '+91-9876543210' },
    };
    await api('POST', '/v1/dpdp/consent-notices', notice);
    return notice;
}

/** Records a person's decisions about purposes of a notice: `{ orders: 'granted', … }`. */
export async function consent(principal, notice, decisions, processingExpiresAt = inDays(200)) {
    const { grantId } = await api('POST', '/v1/grants', { principalId: principal, scopes: ['orders:read'] });
    return api('POST', '/v1/dpdp/consent-records', {
        grantId,
        dataPrincipalId: principal,
        consentNoticeId: notice.noticeId,
        consentNoticeVersion: '1.0',
        consentNoticeLanguage: notice.language,
        purposes: notice.purposes
            .filter(({ code }) => code in decisions)
            .map(({ code, description }) => ({ code, description, decision: decisions[code] })),
        processingExpiresAt,
    });
}

/** A person who has granted, denied and withdrawn a purpose of a notice, and granted one whose time is over. */
export async function personOf(notice) {
    const principal = unique('person');
    const expiresAt = new Date(Date.now() + 2000);
    await consent(principal, notice, { survey: 'granted' }, expiresAt.toISOString());
    const decisions = { orders: 'granted', offers: 'denied', visits: 'granted' };
    const { recordId } = await consent(principal, notice, decisions);
    await api('POST', `/v1/dpdp/consent-records/${recordId}/withdraw`, { reason: 'A call', purposes: ['visits'] });
    await sleep(expiresAt - Date.now());
    return { principal, recordId };
}

/** A person's records, newest first. */
export async function recordsOf(principal) {
    return (await api('GET', `/v1/dpdp/consent-records?dataPrincipalId=${principal}`)).records;
}

/** The state of each purpose in a person's records, by its code. */
export async function states(principal) {
    const state = ({ decision, withdrawnAt }) => (withdrawnAt ? 'withdrawn' : decision);
    const purposes = (await recordsOf(principal)).flatMap((record) => record.purposes);
    return Object.fromEntries(purposes.map((purpose) => [purpose.code, state(purpose)]));
}

/** The URL of a link to a person's pages. */
export async function link(principal, options = {}) {
    return (await api('POST', '/v1/portal-sessions', { dataPrincipalId: principal, ...options })).url;
}

/** A link that asks the person for consent to a notice. */
export async function questionLink(principal, notice, options = {}) {
    const { grantId } = await api('POST', '/v1/grants', { principalId: principal, scopes: ['orders:read'] });
    const question = { noticeId: notice.noticeId, version: '1.0', grantId, processingExpiresAt: inDays(100) };
    return link(principal, { flow: 'consent', consent: question, ...options });
}

/** Agrees to every purpose of the question on this page. */
export async function agreeToAll(page) {
    for (const fieldset of await page.locator('fieldset').all()) await fieldset.locator('input').first().check();
}

/** Serves on a free port of this host until `close`. */
export async function serve(host, respond) {
    const server = http.createServer(respond);
    await new Promise((resolve) => server.listen(0, host, resolve));
    const close = () => server.close() && server.closeAllConnections();
    return { port: server.address().port, close };
}

/** Starts Chromium. */
export const launch = (options = {}) => chromium.launch({ executablePath: CHROMIUM, ...options });

/** A window of a new person, as narrow as the narrowest phone. */
export async function openWindow(browser, options = {}) {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const window = { context, page, requests: [], messages: [], response: null };
    // A redirect is part of the way to a page, not of the page.
    page.on('request', (request) => request.isNavigationRequest() && (window.requests = []));
    page.on('request', (request) => window.requests.push(request.url()));
    page.on('request', (request) => request.isNavigationRequest() && (window.messages = []));
    page.on('response', (response) => response.request().isNavigationRequest() && (window.response = response));
    page.on('console', (message) => window.messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => window.messages.push(String(error)));
    page.on('dialog', (dialog) => window.messages.push(`a dialog: ${dialog.message()}`) && dialog.dismiss());
    return window;
}

/** What is wrong with the page in the window, which is in this language. */
export async function problemsOf(window, locale, status = 200) {
    const { page, response } = window;
    const problems = [];
    const expect = (isRight, text) => isRight || problems.push(text);
    await page.evaluate(() => document.fonts.ready);

    expect(response.status() === status, `its status is ${response.status()}, not ${status}`);
    const attributes = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
    const direction = rightToLeft.includes(locale) ? 'rtl' : '';
    expect(attributes.join() === `${locale},${direction}`, `its lang and dir are ${attributes}`);
    const headers = response.headers();
    expect(headers['content-language'] === locale, `its Content-Language is ${headers['content-language']}`);
    const policy = (headers['content-security-policy'] ?? '').replace(/'sha256-[\w+/]{43}='/, 'HASH');
    const font = ownScripts[locale] ? " 'self'; font-src data:" : '';
    const strict = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; style-src HASH";
    expect(policy === strict + font, `its Content-Security-Policy is ${policy}`);

    const [first, ...others] = window.requests;
    expect(first === page.url(), `its first request is ${first}`);
    const isFont = (url) => ownScripts[locale] && /^\/p\/fonts\/[a-z-]+\.css$/.test(url.slice(base.length));
    for (const url of window.requests) expect(url.startsWith(`${base}/`), `it requests ${url} of another host`);
    for (const url of others) expect(isFont(url), `it also requests ${url}`);
    // Chromium calls the page itself a resource that failed, if its status is an error.
    const said = window.messages.filter((text) => !(status >= 400 && text.includes(`a status of ${status}`)));
    for (const text of said) problems.push(`the console says ${text}`);

    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    expect(width <= page.viewportSize().width, `it is ${width} px wide`);
    for (const { id, nodes } of await violations(page)) {
        const found = nodes.map(({ html, failureSummary }) => `axe: ${id}: ${html.slice(0, 200)}: ${failureSummary}`);
        problems.push(...found);
    }
    return [...problems, ...(await missingGlyphs(window, locale))];
}

async function violations(page) {
    await page.evaluate(axe);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const options = { runOnly: tags, resultTypes: ['violations'] };
    return (await page.evaluate((options) => globalThis.axe.run(options), options)).violations;
}

/** The characters that each font has, as ranges, by the font's PostScript name; `own` are the fonts of the pages. */
const installed = new Map();
const own = new Map();
function readFonts() {
    const read = (fonts, command, ...files) => {
        const format = ['--format', '%{postscriptname}\t%{charset}\n', ...files];
        for (const line of execFileSync(command, format, { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n')) {
            const [name, ranges = ''] = line.split('\t');
            const bounds = ranges.split(' ').map((range) => range.split('-').map((bound) => parseInt(bound, 16)));
            fonts.set(name, [...(fonts.get(name) ?? []), ...bounds]);
        }
    };
    read(installed, 'fc-list');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fonts-'));
    const sheets = new URL('pages/fonts/', root);
    for (const sheet of fs.readdirSync(sheets).filter((name) => name.endsWith('.css'))) {
        const [, data] = /base64,([^"]+)/.exec(fs.readFileSync(new URL(sheet, sheets), 'utf8'));
        const file = path.join(folder, sheet);
        fs.writeFileSync(file, Buffer.from(data, 'base64'));
        read(own, 'fc-query', file);
    }
    fs.rmSync(folder, { recursive: true });
}
const has = (ranges, code) => ranges?.some(([first, last = first]) => code >= first && code <= last);

/**
 * The characters that no font has with which Chromium drew their text. It does not say which ones it drew as a box: it
 * names the fonts of a text, and a box is of one of them. The script of a page's own font must be drawn with that.
 */
export async function missingGlyphs({ context, page }, locale) {
    if (installed.size === 0) readFonts();
    const session = await context.newCDPSession(page);
    await session.send('DOM.enable');
    await session.send('CSS.enable');
    const texts = [];
    const visit = (node) => {
        if (['STYLE', 'TITLE'].includes(node.nodeName)) return;
        if (node.nodeName === '#text') texts.push(node);
        for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) visit(child);
    };
    visit((await session.send('DOM.getDocument', { depth: -1, pierce: true })).root);
    const problems = [];
    for (const { nodeId, nodeValue } of texts) {
        // Neither spaces nor the characters that only shape or direct others are drawn.
        const characters = new Set(nodeValue.replace(/[\s\p{Cf}]/gu, ''));
        if (characters.size === 0) continue;
        const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
        // What is drawn has a font. The text of a text area is not: Chromium draws a copy of it.
        if (fonts.length === 0) continue;
        for (const character of characters) {
            const isOwn = ownScripts[locale]?.test(character);
            const drawn = fonts.some((font) => {
                if (font.isCustomFont) return has(own.get(font.postScriptName), character.codePointAt(0));
                return !isOwn && has(installed.get(font.postScriptName), character.codePointAt(0));
            });
            const code = character.codePointAt(0).toString(16);
            const used = fonts.map((font) => font.postScriptName + (font.isCustomFont ? ' (own)' : ''));
            if (!drawn) problems.push(`no font has ${character} (U+${code}) in "${nodeValue.slice(0, 80)}": ${used}`);
        }
    }
    await session.detach();
    return problems;
}
