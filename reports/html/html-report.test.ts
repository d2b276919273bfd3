import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { ReadableRun, ReportModel } from '../model.ts';
import { comparedModel, largeModel, metModel, sampleModel } from '../sample-run.test-support.ts';
import { inChromium } from './chromium.test-support.ts';
import { htmlReport } from './html-report.ts';

describe('the HTML report', function () {
  this.timeout(60_000);
  const chromium = inChromium();
  const { folder, fileOf, open } = chromium;
  let page: Page;

  beforeEach(() => {
    page = chromium.page;
  });

  it('never runs what a product said, and asks for nothing outside its file', async () => {
    const signs: string[] = [];
    const texts: string[] = [];
    page.on('dialog', (dialog) => {
      signs.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => signs.push(`error: ${error.message}`));
    page.on('console', (message) => signs.push(`console: ${message.text()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') || !request.isNavigationRequest()) signs.push(`request: ${request.url()}`);
    });
    const address = fileOf(sampleModel(HOSTILE));
    for (const place of PLACES) {
      await open(address + place);
      for (const details of await page.$$('details')) await details.evaluate((each) => each.setAttribute('open', ''));
      for (const tab of await page.$$('[role=tab]')) await tab.click();
      expect(await page.evaluate('window.ran'), place).to.equal(undefined);
      const strange =
        'img, iframe, object, embed, base, form[action], [onerror], [onclick], a[href^="javascript"], #page script';
      expect(await page.locator(strange).count(), place).to.equal(0);
      expect(await page.locator('script').count(), place).to.equal(4);
      texts.push((await page.locator('#page').textContent()) ?? '');
    }
    expect(texts.filter((text) => text.includes(HOSTILE.slice(0, 40)))).to.have.lengthOf(PLACES.length - 1);
    expect(signs).to.deep.equal([]);
  });

  it('never runs it where two runs are compared either', async () => {
    const signs: string[] = [];
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => signs.push('dialog')));
    page.on('pageerror', (error) => signs.push(`error: ${error.message}`));
    page.on('console', (message) => signs.push(`console: ${message.text()}`));
    const address = fileOf(comparedModel(HOSTILE));
    for (const place of ['#/comparison', `#/comparison?one=${encodeURIComponent(HOSTILE)}`, BOTH, `${BOTH}&one=x`]) {
      await page.goto('about:blank');
      await open(address + place);
      expect(await page.evaluate('window.ran'), place).to.equal(undefined);
      expect(await page.locator('img, iframe, [onerror], #page script').count(), place).to.equal(0);
    }
    for (const place of ['#/matrix', `#/matrix?text=${encodeURIComponent(HOSTILE)}`, '#/requirement/MCDANIEL-FLOW']) {
      await open(fileOf(metModel(HOSTILE)) + place);
      expect(await page.evaluate('window.ran'), place).to.equal(undefined);
      expect(await page.locator('img, iframe, [onerror], #page script').count(), place).to.equal(0);
    }
    expect(signs).to.deep.equal([]);
  });

  it('tells what changed since an earlier run, and opens a case of both beside each other', async () => {
    const address = fileOf(comparedModel());
    await open(`${address}#/comparison?one=earlier/linux&other=this/linux`);
    expect(await page.locator('.lede').textContent()).to.equal(
      '2 cases of 3 came out otherwise, or are read otherwise.',
    );
    expect(await page.locator('tbody tr').allTextContents()).to.deep.equal([
      'DUPONT-C2a/other-prefix-manualdropped ✗ faildelivered ✓ passfail→PASSDUPONT, RFC4301',
      'AURA-SPD-1/transportfirst-match ○ observedfirst-match ○ observedread otherwiseAURA',
    ]);
    await page.getByRole('combobox', { name: 'change', exact: true }).selectOption('read otherwise');
    expect(await page.locator('tbody tr').count()).to.equal(1);
    expect(await page.locator('.lede').textContent()).to.contain('1 of them: read otherwise.');
    await page.locator('select').first().selectOption('earlier/strongswan');
    expect(page.url()).to.contain('one=earlier%2Fstrongswan');
    await open(`${address}${BOTH}`);
    expect(await page.locator('.outcome').allTextContents()).to.deep.equal(['dropped', 'delivered']);
    expect(await page.locator('.ladder').count()).to.equal(2);
    const [one, other] = await Promise.all([0, 1].map((nth) => page.locator('.ladder').nth(nth).boundingBox()));
    expect(other!.x).to.be.greaterThan(one!.x + one!.width);
    expect(Math.abs(other!.y - one!.y)).to.be.lessThan(5);
    await page.locator('.ladder').nth(1).locator('[data-frame="3"]').click();
    expect(await page.locator('.inspector h2').allTextContents()).to.deep.equal([
      'Frame 6 nut → tn · home · 1\u202f271.6 ms',
      'Frame 3 tn → nut · home · 9.6 ms',
    ]);
  });

  it('puts the two above each other where there is no room, and nothing beyond the edge', async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    await open(`${fileOf(comparedModel())}${BOTH}`);
    const [one, other] = await Promise.all([0, 1].map((nth) => page.locator('.ladder').nth(nth).boundingBox()));
    expect(other!.y).to.be.greaterThan(one!.y + one!.height);
    expect(other!.x).to.equal(one!.x);
    for (const place of [BOTH, '#/comparison']) {
      await open(`${fileOf(comparedModel())}${place}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), place).to.be.at.most(390);
    }
  });

  it('has nothing to compare in one run of one version of each product, and says so', async () => {
    await open(`${fileOf(sampleModel())}#/comparison`);
    expect(await page.locator('main').textContent()).to.contain('There is nothing to compare here');
    expect(await page.locator('nav a').allTextContents()).to.deep.equal(['Overview', 'By requirement']);
  });

  it('refuses any script or style but its own', async () => {
    await open(fileOf(sampleModel()));
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = 1';
      document.body.append(script);
      document.body.insertAdjacentHTML(
        'beforeend',
        '<img src="x" onerror="window.ran = 2"><p style="color: red" id="probe">x</p>',
      );
      return [(window as { ran?: number }).ran, getComputedStyle(document.getElementById('probe')!).color];
    });
    expect(ran[0]).to.equal(undefined);
    expect(ran[1]).not.to.equal('rgb(255, 0, 0)');
  });

  it('opens a case at the octets that decided it, and lights fields and octets both ways', async () => {
    await open(`${fileOf(sampleModel())}${PLACES[2]}`);
    expect(await page.locator('.readings .level').allTextContents()).to.deep.equal([
      'MUST NOT (receiver)',
      'MUST (receiver)',
    ]);
    expect(await page.locator('.inspector h2').textContent()).to.match(/^Frame 6 /);
    expect(await page.locator('[role=tab][aria-selected=true]').textContent()).to.contain('esp 0x00001002');
    expect(await page.locator('.octet-row > i.framed').count()).to.equal(24);
    await page.locator('.field', { hasText: 'Source Address' }).hover();
    expect(await page.locator('.octet-row > i.lit').allTextContents()).to.deep.equal(['cb', '00', '71', '01']);
    await page.locator('.octet-row > i[data-at="9"]').hover();
    expect(await page.locator('.field.lit').allTextContents()).to.deep.equal(['Protocol 1 (ICMP)']);
    await page.locator('.octet-row > i[data-at="9"]').click();
    expect(page.url()).to.contain('start=9').and.to.contain('end=10');
    await page.locator('[role=tab]', { hasText: 'on the wire' }).click();
    expect(await page.locator('.field.protocol').allTextContents()).to.deep.include(
      '▾Encapsulating Security Payload SPI 0x00001002, sequence number 2',
    );
  });

  it('shows the ladder with arrows, moments, silence and tampering, and goes along it by keyboard', async () => {
    await open(`${fileOf(sampleModel())}${PLACES[2]}`);
    expect(await page.locator('.frame-row .says').allTextContents()).to.deep.equal([
      'ARP who has 192.0.2.2? 192.0.2.1 asks',
      'ARP 192.0.2.2 is at 02:00:00:00:00:02',
      'ESP 0x00001001 #1 → [ICMP Echo]',
      'ESP 0x00001002 #1 → [ICMP Echo Reply]',
      'ESP 0x00001001 #2 → [ICMP Echo]',
      'ESP 0x00001002 #2 → [ICMP Echo Reply]',
    ]);
    expect(await page.locator('.moment b').allTextContents()).to.deep.equal(['before']);
    expect(await page.locator('.move').allTextContents()).to.deep.equal(['tn moves to other-prefix “stimulus”']);
    expect(await page.locator('.silence').textContent()).to.contain('nothing else in between');
    expect(await page.locator('.badge-tamper').textContent()).to.equal('tampered: flippedBit(3)');
    expect(await page.locator('.deciding').getAttribute('data-frame')).to.equal('6');
    await page.locator('[data-frame="3"]').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.inspector h2').textContent()).to.match(/^Frame 4 /);
    await page.locator('.controls .jump', { hasText: 'frame 4' }).click();
    expect(page.url()).to.contain('frame=4');
  });

  it('shows who moves where, names addresses by that, and says of what was sent to where somebody was that it is missed', async () => {
    const model = sampleModel();
    const [run, ...others] = model.runs as ReadableRun[];
    const place = run!.transcript.entries.find((entry) => entry.kind === 'mark' && entry.act.kind === 'moves')!.place;
    const whereabouts = {
      links: { tn: 'home', nut: 'home' },
      moves: [{ place, station: 'tn', from: 'home', to: 'away' }],
      names: { '192.0.2.77': 'tn on away' },
      noticed: [{ frame: 1, what: 'link' }],
    } as const;
    await open(`${fileOf({ ...model, runs: [{ ...run!, whereabouts }, ...others] })}${PLACES[2]}`);
    expect(await page.locator('.move').allTextContents()).to.deep.equal(['tn leaves home for away “stimulus”']);
    expect(await page.locator('.frame-row .end b').allTextContents()).to.deep.equal(['tn on away ']);
    expect(await page.locator('.badge-missed').allTextContents()).to.deep.equal(['missed: tn is on home no more']);
    expect(await page.locator('.missed').getAttribute('data-frame')).to.equal('6');
    expect(await page.locator('[data-frame="1"]').getAttribute('class')).not.to.contain('noise');
    expect(await page.locator('[data-frame="2"]').getAttribute('class')).to.contain('noise');
  });

  it('folds what neighbors and routers say, and opens it for whoever asks for one of its frames', async () => {
    const model = sampleModel();
    const [run, ...others] = model.runs as ReadableRun[];
    const arp = run!.transcript.entries.find((entry) => entry.kind === 'frame')!;
    const entries = Array.from({ length: 5 }, (_, at) => ({ ...arp, number: at + 1, place: at, time: at }));
    const evidence = [] as const;
    const cases = model.result.cases.map((each) => ({ ...each, controls: [], evidence }));
    const transcript = { ...run!.transcript, entries };
    const address = fileOf({ result: { ...model.result, cases }, runs: [{ ...run!, transcript }, ...others] });
    await open(`${address}${PLACES[2]}`);
    expect(await page.locator('.fold-says').textContent()).to.match(/^frames 1 to 5: /);
    await open(`${address}${PLACES[2]}?frame=3`);
    expect(await page.locator('.fold').getAttribute('open')).not.to.equal(null);
    expect(await page.locator('[data-frame="3"]').isVisible()).to.equal(true);
  });

  it('opens an IKE message in the notation of RFC 7296', async () => {
    await open(`${fileOf(sampleModel())}${PLACES[3]}`);
    expect(await page.locator('.summary').textContent()).to.equal(
      'IKE_AUTH response 1: SK {IDi, CERT, AUTH, TSi, TSr, V}',
    );
  });

  it('filters by reading, product, suite and text', async () => {
    await open(`${fileOf(sampleModel())}#/requirements?reading=fail`);
    const shown = () => page.locator('tbody tr:not(.requirement)').count();
    expect(await shown()).to.equal(1);
    await page.locator('.filters a').click();
    expect(await shown()).to.equal(6);
    await page.locator('input[type=search]').fill('carol');
    expect(await shown()).to.equal(0);
    await page.locator('input[type=search]').fill('dupont outer-address');
    expect(await shown()).to.equal(1);
  });

  it('shows who met whom as a grid, and says in a cell that fails who deviates by which document', async () => {
    await open(`${fileOf(metModel())}#/matrix`);
    expect(await page.locator('.grid thead th').allTextContents()).to.deep.equal([
      'Scenario',
      'strongswan with libreswan',
      'strongswan with reference',
      'libreswan with reference',
      'libreswan with strongswan',
    ]);
    expect(await page.locator('.grid th[scope=row]').allTextContents()).to.deep.equal([
      'rekeyed-child-initiator',
      'rekeyed-child-responder',
      'narrowed-initiator',
      'narrowed-responder',
      'mobike-responder',
    ]);
    expect(await page.locator('.cell-fail').allTextContents()).to.deep.equal([
      '✗ fail libreswan, by RFC7296 2.8',
      '✗ fail libreswan, by RFC7296 2.8',
      '✗ fail neither by itself, by RFC7296 2.8',
    ]);
    expect(await page.locator('[role=status]').textContent()).to.equal('7 cells: ✓ 3 pass, ✗ 3 fail, – 1 unsupported');
    await page.locator('.cell-fail a').first().click();
    expect(await page.locator('.deviation').textContent()).to.equal(
      'Who deviates: libreswan, by RFC7296 2.8. strongswan: passes with reference; libreswan: fails with reference.',
    );
    await page.waitForSelector('.ladder');
  });

  it('filters the grid by product, outcome, who deviates and text, and keeps that in the address', async () => {
    await open(`${fileOf(metModel())}#/matrix`);
    const cells = async () => page.locator('.grid td:not(.cell-none)').count();
    const choose = (label: string, value: string) =>
      page.getByRole('combobox', { name: label, exact: true }).selectOption(value);
    await choose('product', 'strongswan');
    expect(await cells()).to.equal(5);
    await choose('outcome', 'fail');
    expect(await cells()).to.equal(2);
    await choose('who deviates', 'neither by itself');
    expect(await page.locator('.grid th[scope=row]').allTextContents()).to.deep.equal(['narrowed-initiator']);
    expect(await page.locator('[role=status]').textContent()).to.equal('1 of 7 cells: ✗ 1 fail');
    expect(page.url()).to.contain('blame=neither+by+itself');
    await page.locator('.filters a').click();
    await page.locator('input[type=search]').fill('mobike');
    expect(await cells()).to.equal(1);
    await page.locator('input[type=search]').fill('no such thing');
    expect(await page.locator('article').textContent()).to.contain('No cell passes this filter.');
  });

  it('goes through the grid by the arrow keys, from one stop of the tabulator', async () => {
    await open(`${fileOf(metModel())}#/matrix`);
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.place);
    expect(await page.locator('.grid [tabindex="0"]').count()).to.equal(1);
    await page.locator('.grid [tabindex="0"]').focus();
    for (const [key, place] of [
      ['ArrowRight', '0 1'],
      ['ArrowDown', '1 1'],
      ['End', '1 3'],
      ['ArrowRight', '1 3'],
      ['Control+End', '4 3'],
      ['Home', '4 0'],
      ['Control+Home', '0 0'],
      ['ArrowUp', '0 0'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused(), key).to.equal(place);
      expect(await page.locator('.grid [tabindex="0"]').count()).to.equal(1);
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ladder');
    expect(await page.locator('h1').textContent()).to.equal('MCDANIEL-FLOW/rekeyed-child-initiator-with-libreswan');
  });

  it('sets the products beside each other for one requirement', async () => {
    await open(`${fileOf(metModel())}#/requirement/MCDANIEL-FLOW`);
    const rows = (nth: number) => page.locator('table').nth(nth).locator('tbody tr').allTextContents();
    expect(await rows(0)).to.deep.equal(['RFC7296 2.8 MUST (receiver)✓ 2 pass✗ 2 fail✓ 1 pass– 1 unsupported✗ 1 fail']);
    expect(await rows(1)).to.have.lengthOf(7);
    expect((await rows(1))[0]).to.equal(
      'MCDANIEL-FLOW/rekeyed-child-initiator-with-libreswannothing ✗ faildid not run',
    );
  });

  for (const width of [390, 768, 1280]) {
    it(`keeps everything of a card inside it at ${width} px, every reading among its bars`, async () => {
      const { result, runs } = sampleModel();
      const readings = ['pass', 'fail', 'warn', 'observed', 'inconclusive', 'unsupported', 'error'] as const;
      const cases = readings.map((reading, place) => ({
        ...result.cases[0]!,
        variant: `reading-${place}`,
        readings: result.cases[0]!.readings.map((each) => ({ ...each, reading })),
      }));
      await page.setViewportSize({ width, height: 900 });
      await open(fileOf({ result: { ...result, cases } as never, runs }));
      const beyond = await page.locator('.product').evaluateAll((cards) =>
        cards.flatMap((card) => {
          const { left, right } = card.getBoundingClientRect();
          return [...card.querySelectorAll('*')]
            .map((each) => ({ what: each.className, box: each.getBoundingClientRect() }))
            .filter(({ box }) => box.right > right + 0.5 || box.left < left - 0.5)
            .map(({ what }) => what);
        }),
      );
      expect(await page.locator('.distribution a').count()).to.equal(readings.length);
      expect(beyond).to.deep.equal([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(width);
      await page.setViewportSize({ width: 1280, height: 720 });
    });
  }

  it('says where a bundle is damaged', async () => {
    const { result, runs } = sampleModel();
    const damaged = runs.map(({ bundle }) => ({ bundle, damage: 'case.pcapng, octet 28: block: wanted 64 octets' }));
    await open(`${fileOf({ result, runs: damaged })}${PLACES[2]}`);
    expect(await page.locator('.damage').textContent()).to.contain('octet 28');
  });

  it('opens what proves a case when it is looked at, and shows the verdict where that is damaged', async () => {
    const file = join(folder, 'damaged-proofs.html');
    writeFileSync(file, htmlReport(sampleModel()).replace(/(id="proofs-0">.{100})..../, '$1AAAA'));
    await open(`${pathToFileURL(file).href}${PLACES[2]}`);
    expect(await page.locator('.damage').textContent()).to.contain('damaged where the evidence stands');
    expect(await page.locator('.outcome').textContent()).to.equal('delivered');
    expect(await page.locator('.ladder').count()).to.equal(1);
  });

  it('of thousands of cases draws those of a question that somebody opens, and all of few', async () => {
    const cases = largeModel(400, 4);
    await open(`${fileOf(cases)}#/requirements`);
    const shown = () => page.locator('tbody tr:not(.requirement)').count();
    expect(await shown()).to.equal(0);
    expect(await page.locator('.requirement').count()).to.equal(40);
    expect(await page.locator('.tally').first().textContent()).to.equal('✓ 10 pass');
    await page.locator('.requirement button').first().focus();
    await page.keyboard.press('Enter');
    expect(await shown()).to.equal(10);
    await page.locator('input[type=search]').fill('variant-7');
    expect(await shown()).to.equal(11);
    expect(await page.locator('[role=status]').textContent()).to.equal('11 of 400 cases');
  });

  it('says of a capture of others how its packets are looked at, in one line whatever its name is', async () => {
    const { result } = sampleModel();
    const ofCapture = (name: string): ReportModel => ({
      result: {
        ...result,
        products: [{ ...result.products[0]!, name, runtime: 'capture' }],
        cases: [{ ...result.cases[0]!, product: name, bundle: null }],
      },
      runs: [],
    });
    const place = (name: string) => `#/case/${encodeURIComponent(name)}/DUPONT-C2a/other-prefix-manual`;
    await open(fileOf(ofCapture("it's $(x).pcap")) + place("it's $(x).pcap"));
    expect(await page.locator('.commands').textContent()).to.equal(
      "tshark -r 'it'\\''s $(x).pcap' -Y 'frame.number in {6}' -V",
    );
    await open(fileOf(ofCapture('a\nb')) + place('a\nb'));
    expect(await page.locator('.outcome').textContent()).to.equal('delivered');
    expect(await page.locator('.commands').count()).to.equal(0);
  });

  it('says where the report itself is damaged, and shows the verdict all the same', async () => {
    const file = join(folder, 'damaged.html');
    writeFileSync(file, htmlReport(sampleModel()).replace(/(id="block-0">.{400})..../, '$1AAAA'));
    await open(`${pathToFileURL(file).href}${PLACES[2]}`);
    expect(await page.locator('.damage').textContent()).to.contain('damaged where the recording stands');
    expect(await page.locator('.outcome').textContent()).to.equal('delivered');
  });

  it('of 160 cases with 40 frames each stays under 300 kB and opens at each of its places', async () => {
    const html = htmlReport(largeModel(160, 40));
    expect(html.length).to.be.lessThan(300_000);
    const file = join(folder, 'large.html');
    writeFileSync(file, html);
    for (const place of ['', '#/requirements', '#/case/linux/DUPONT-C1/variant-1']) {
      await open(pathToFileURL(file).href + place);
    }
  });

  /** Waits until all is drawn, the recording too. */
});

const PLACES = [
  '#/',
  '#/requirements',
  '#/case/linux/DUPONT-C2a/other-prefix-manual',
  '#/case/strongswan/DUPONT-G1/asserted-name-initiator',
  '#/case/strongswan/MCDANIEL-SEQ',
];

const BOTH = '#/both/DUPONT-C2a/other-prefix-manual?one=earlier%2Flinux&other=this%2Flinux';

const HOSTILE =
  'CN="\'><svg onload=alert(1)></script><script>window.ran=1</script><img src=x onerror="window.ran=1"><!--<script>' +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template that is never filled in belongs to what a product may say.
  '\u2028\u2029</style></title></textarea>javascript:alert(1) ${window.ran=1} \\u003cscript> &lt;b&gt; \u0000\u202e';
