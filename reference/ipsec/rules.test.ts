/** That no rule of IPsec is without a conversation that breaks it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ipsecRules } from './rules.ts';

describe('rules of IPsec', () => {
  it('each is broken by a conversation of its own', () => {
    const folder = new URL('.', import.meta.url);
    const files = readdirSync(folder).filter((name) => /^rules-of-.*\.test\.ts$/.test(name));
    const texts = files.map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const told = texts.flatMap((text) => [...text.matchAll(/^ {4}rule: '(\w+)'/gm)].map(([, rule]) => rule));
    expect(told.sort()).to.deep.equal(Object.keys(ipsecRules).sort());
  });
});
