// node tests/browser/screenshots.mjs FOLDER
//
// Pictures of the home page in every language, as on a phone, for somebody to look at; and three small ones for the
// README.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { launch, link, locales, openWindow, personOf, publishNotice } from './support.mjs';

const MOST_BYTES = 60_000;
// A notice for the README: orders, offers, visits and a survey.
const readme = {
    en: ['Telling you where your order is', 'Offers by e-mail', 'Counting visits', 'A survey'],
    hi: ['आपका ऑर्डर कहाँ है, यह बताना', 'ई-मेल से ऑफ़र', 'विज़िट गिनना', 'एक सर्वेक्षण'],
    ur: ['آپ کا آرڈر کہاں ہے، یہ بتانا', 'ای میل سے پیشکشیں', 'وزٹ گننا', 'ایک سروے'],
};

const [folder] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
const browser = await launch();

async function picture(name, locale, notice, options) {
    const { principal } = await personOf(notice);
    const { page, context } = await openWindow(browser, { locale, viewport: { width: 360, height: 640 } });
    await page.goto(await link(principal, { locale }));
    await page.evaluate(() => document.fonts.ready);
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file, ...options });
    await context.close();
    return fs.statSync(file).size;
}

for (const locale of locales) {
    await picture(`home.${locale}`, locale, await publishNotice(locale), { fullPage: true });
}
for (const [locale, purposes] of Object.entries(readme)) {
    const size = await picture(`readme.${locale}`, locale, await publishNotice(locale, { purposes }), {});
    assert(size <= MOST_BYTES, `readme.${locale}.png has ${size} bytes`);
}
await browser.close();
