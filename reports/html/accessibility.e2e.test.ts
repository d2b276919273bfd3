import axe from 'axe-core';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { ReportModel } from '../model.ts';
import { comparedModel, metModel, sampleModel } from '../sample-run.test-support.ts';
import { inChromium } from './chromium.test-support.ts';

describe('the HTML report, to whoever reads it', function () {
  this.timeout(120_000);
  const chromium = inChromium();
  const { fileOf, open } = chromium;
  let page: Page;

  beforeEach(() => {
    page = chromium.page;
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      it(`has nothing that axe-core objects to, ${colorScheme}, ${width} px wide`, async () => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const faults: string[] = [];
        for (const [model, places] of pages) {
          const address = fileOf(model);
          for (const place of places) {
            await open(address + place);
            for (const details of await page.$$('details'))
              await details.evaluate((each) => each.setAttribute('open', ''));
            faults.push(...(await objections()).map((says) => `${place}: ${says}`));
            expect(await page.evaluate(() => document.documentElement.scrollWidth), place).to.be.at.most(width);
          }
        }
        expect(faults).to.deep.equal([]);
      });
    }
  }

  it('is gone through by the tabulator, each stop in sight and marked, the first one past the bar', async () => {
    for (const [model, places] of pages) {
      const address = fileOf(model);
      for (const place of places) {
        await open(address + place);
        await page.keyboard.press('Tab');
        expect(await page.evaluate(() => document.activeElement?.textContent), place).to.equal('Skip to the content');
        const stops = await page.evaluate(
          () => document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]').length,
        );
        for (let stop = 0; stop < stops; stop++) {
          const fault = await page.evaluate(() => {
            const now = document.activeElement as HTMLElement;
            if (now === document.body) return undefined;
            const { width, height } = now.getBoundingClientRect();
            const { outlineStyle, outlineWidth } = getComputedStyle(now);
            const isMarked = outlineStyle !== 'none' && outlineWidth !== '0px';
            return isMarked && width > 4 && height > 4 ? undefined : now.outerHTML.slice(0, 120);
          });
          expect(fault, place).to.equal(undefined);
          await page.keyboard.press('Tab');
        }
      }
    }
  });

  it('skips to the content, and begins there where somebody comes to another page', async () => {
    await open(`${fileOf(metModel())}#/`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const now = () => page.evaluate(() => document.activeElement?.tagName);
    expect(await now()).to.equal('MAIN');
    await page.getByRole('link', { name: 'Matrix', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.grid');
    expect(await now()).to.equal('MAIN');
    await page.locator('input[type=search]').pressSequentially('narrowed');
    expect(await now()).to.equal('INPUT');
    expect(await page.getByRole('status').textContent()).to.contain('3 of 7 cells');
  });

  it('names what a screen reader asks for: the grid and its heads, the frames, the filters', async () => {
    await open(`${fileOf(metModel())}#/matrix`);
    const grid = page.getByRole('grid', { name: 'how each pair came out in each scenario' });
    expect(await grid.getByRole('columnheader').allTextContents()).to.have.lengthOf(5);
    expect(await grid.getByRole('gridcell').count()).to.equal(20);
    expect(await grid.getByRole('rowheader', { name: 'narrowed-initiator', exact: true }).count()).to.equal(1);
    expect(await grid.getByRole('link', { name: 'fail libreswan, by RFC7296 2.8' }).count()).to.equal(2);
    for (const name of ['product', 'outcome', 'who deviates'])
      expect(await page.getByRole('combobox', { name, exact: true }).count(), name).to.equal(1);
    await grid.getByRole('link', { name: 'pass' }).first().click();
    await page.waitForSelector('.ladder');
    expect(await page.getByRole('button', { name: /^frame 3 .*tn to nut: ESP 0x00001001 #1/ }).count()).to.equal(1);
  });

  it('is printed whole: no bar, nothing cut off by a pane that scrolls', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const [model, places] of pages) {
      const address = fileOf(model);
      for (const place of places) {
        await open(address + place);
        for (const hidden of ['.bar nav', '.filters', '.skip', '.inspector'])
          for (const each of await page.locator(hidden).all()) expect(await each.isVisible(), hidden).to.equal(false);
        const cut = await page.evaluate(() =>
          [...document.querySelectorAll('.wide, .ladder, pre')]
            .filter((each) => each.clientHeight > 0 && getComputedStyle(each).overflowY !== 'visible')
            .filter((each) => each.scrollHeight > each.clientHeight + 1)
            .map(({ className }) => className),
        );
        expect(cut, place).to.deep.equal([]);
        const colours = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
        expect(colours).to.equal('light');
      }
    }
    const pdf = await page.pdf();
    expect(String.fromCharCode(...pdf.subarray(0, 5))).to.equal('%PDF-');
  });

  /** What axe-core says of the page, one line for each element. */
  async function objections(): Promise<readonly string[]> {
    await page.evaluate(axe.source);
    return await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
      );
    });
  }
});

const pages: readonly (readonly [ReportModel, readonly string[]])[] = [
  [
    sampleModel(),
    [
      '#/',
      '#/requirements',
      '#/requirement/DUPONT-C2a',
      '#/case/linux/DUPONT-C2a/other-prefix-manual',
      '#/case/strongswan/DUPONT-G1/asserted-name-initiator',
      '#/case/strongswan/MCDANIEL-SEQ',
      '#/nowhere',
    ],
  ],
  [metModel(), ['#/matrix', '#/matrix?text=none', '#/case/strongswan/MCDANIEL-FLOW/narrowed-initiator-with-libreswan']],
  [
    comparedModel(),
    [
      '#/comparison',
      '#/comparison?one=earlier/linux&other=this/linux',
      '#/both/DUPONT-C2a/other-prefix-manual?one=earlier%2Flinux&other=this%2Flinux',
    ],
  ],
];
