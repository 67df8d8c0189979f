import { startChromium } from '../electron/display/chromium.ts';

/**
 * `node test/support/app/screenshot.ts ADDRESS WIDTHxHEIGHT FILE [SELECTOR_TO_CLICK…]`: a picture of the window.
 */
const [address = '', size = '1440x900', file = 'window.png', ...clicks] = process.argv.slice(2);
const [width = 1440, height = 900] = size.split('x').map(Number);
const browser = await startChromium();
const page = await browser.newPage({ viewport: { width, height } });
await page.clock.setSystemTime('2026-11-23T09:00:00Z');
page.on('console', (message) => {
  if (message.type() !== 'info') console.log(`${message.type()}: ${message.text()}`);
});
page.on('pageerror', (error) => {
  console.log(error.stack);
});
await page.goto(address);
await page.waitForLoadState('networkidle');
for (const selector of clicks) {
  await page.locator(selector).first().click();
  await page.waitForLoadState('networkidle');
}
await page.waitForTimeout(1000);
await page.screenshot({ path: file });
await browser.close();
