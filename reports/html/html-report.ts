/**
 * One HTML file that opens from disk and fetches nothing. The page's script and style stand in it, and its policy allows exactly these two by
 * their hashes; what a product said is compressed JSON that no browser executes, and reaches the screen as text only.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { ReportModel } from '../model.ts';
import { blocksOf } from './page-block.ts';
import { pageBundle } from './page-bundle.ts';
import { proofBlocks } from './page-cases.ts';
import { caseProofs, pageData, pageRuns } from './page-data.ts';

export function htmlReport(model: ReportModel): string {
  const { script, style } = pageBundle();
  const policy = [
    "default-src 'none'",
    `script-src ${digest(script)}`,
    `style-src ${digest(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<title>Touchstone</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="page"><p>Opening the report. A browser of 2023 or later can.</p><noscript>This report draws itself with the script inside it. The same verdicts stand in result.json.</noscript></div>',
    packed('data', pageData(model)),
    ...proofBlocks(caseProofs(model)).map((block, place) => packed(`proofs-${place}`, block)),
    ...packedEach('block', blocksOf(pageRuns(model))),
    `<script type="module">${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function* packedEach(name: string, blocks: Iterable<unknown>): Iterable<string> {
  let place = 0;
  for (const block of blocks) yield packed(`${name}-${place++}`, block);
}

/** JSON in a script element that no browser runs, compressed (RFC 1950), in base64, which no text inside it can end. */
function packed(id: string, value: unknown): string {
  const json = JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
  return `<script type="application/octet-stream" id="${id}">${deflateSync(json, { level: 9 }).toString('base64')}</script>`;
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
