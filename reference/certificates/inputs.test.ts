/** Certificates that went wrong once, made with openssl: each with what is right. The files stand beside the checkout. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type CalendarSeconds, calendarSecondsOf } from './calendar.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { validatePath } from './path-validation.ts';

const folder = new URL('../../../shared/field/inputs/', import.meta.url);

/** In the year for which they are valid. */
const at: CalendarSeconds = calendarSecondsOf(new Date(Date.UTC(2027, 0, 1)));

describe('certificates that went wrong once', () => {
  if (!existsSync(folder)) {
    it.skip(`skipped: no ${folder.pathname}`);
    return;
  }

  for (const [endEntity, others, right] of [
    ['ncok', ['nc'], 'valid'],
    ['ncbad', ['nc'], 'namesArePermitted'],
    ['nc2bad', ['nc2'], 'namesArePermitted'],
    ['p521', [], 'valid'],
    ['leaf3', ['inter2', 'inter'], 'pathLengthPermits'],
  ] as const) {
    it(`${endEntity}.pem: ${right}`, () => {
      const material = { others: others.map(fromFile), anchors: [fromFile('ca')] };
      const validation = validatePath(fromFile(endEntity), material, at);
      expect(validation.valid ? 'valid' : validation.failed).to.equal(right);
    });
  }

  it('p521.pem: its key is known', () => {
    expect(fromFile('p521').publicKey).to.include({ type: 'ECDSA', curve: 'P-521' });
  });
});

function fromFile(name: string): Certificate {
  const [, base64] = /BEGIN CERTIFICATE-----([^-]+)/.exec(readFileSync(new URL(`${name}.pem`, folder), 'utf8'))!;
  return parseCertificate(Uint8Array.from(Buffer.from(base64!, 'base64')))!;
}
