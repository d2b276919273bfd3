/** That no rule of IKEv2 is without a conversation that breaks it, nor without the section it comes from. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ikev2Rules } from './rules.ts';
import { ikev2Sections } from './sections.ts';

describe('rules of IKEv2', () => {
  it('each is broken by a conversation of its own', () => {
    const folder = new URL('.', import.meta.url);
    const files = readdirSync(folder).filter((name) => /^rules-of-.*\.test\.ts$/.test(name));
    const texts = files.map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const told = texts.flatMap((text) => [...text.matchAll(/^ {4}rule: '(\w+)'/gm)].map(([, rule]) => rule));
    expect([...new Set(told)].sort()).to.deep.equal(Object.keys(ikev2Rules).sort());
  });

  it('each names its section', () => {
    expect(Object.keys(ikev2Sections).sort()).to.deep.equal(Object.keys(ikev2Rules).sort());
  });
});
