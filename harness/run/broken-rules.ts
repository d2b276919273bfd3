/**
 * Every rule of the reference with its section, and the conversation tests that break it. The tests are tables whose rows say
 * `rule: 'name'` and the story; they are read as text, because a test file can only be loaded by the test runner.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { certificateSections } from '../../reference/certificates/sections.ts';
import { hostSections } from '../../reference/host/rules.ts';
import { ikev2Sections } from '../../reference/ikev2/sections.ts';
import { ipsecSections } from '../../reference/ipsec/rules.ts';
import { mobilitySections } from '../../reference/mobility/rules.ts';
import { documentIn } from '../files/document.ts';
import { fromSources, shipped } from '../installation.ts';

export interface RuleOfTheReference {
  /** `ipsec.outerSourceAcceptable`. */
  readonly name: string;
  readonly section: string;
}

const conversationTestsDocument = z.array(
  z.object({
    rule: z.string(),
    /** File and story. */
    title: z.string(),
  }),
);

export type ConversationTest = Readonly<z.infer<typeof conversationTestsDocument>[number]>;

export function rulesOfTheReference(): readonly RuleOfTheReference[] {
  return Object.entries(layers).flatMap(([layer, sections]) =>
    Object.entries(sections).map(([rule, section]) => ({ name: `${layer}.${rule}`, section })),
  );
}

/** In what npm unpacked, which has no tests, they are those that there were at packing. */
export function conversationTests(): readonly ConversationTest[] {
  if (!fromSources) return documentIn(shipped('dist', 'conversation-tests.json'), conversationTestsDocument);
  return Object.keys(layers).flatMap((layer) => {
    const folder = shipped('reference', layer);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.test(-support)?\.ts$/.test(name),
    );
    return files.flatMap((file) => testsIn(layer, file, readFileSync(join(folder, file), 'utf8')));
  });
}

function testsIn(layer: string, file: string, text: string): ConversationTest[] {
  return [...text.matchAll(/rule: '(\w+)',\s*(?:(?:story|how):\s*(['"`])(.*?)\2,)?/g)].map(([, rule, , story]) => ({
    rule: `${layer}.${rule}`,
    title: `reference/${layer}/${file}${story ? `: ${story}` : ''}`,
  }));
}

const layers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ipsec: ipsecSections,
  ikev2: ikev2Sections,
  certificates: certificateSections,
  mobility: mobilitySections,
  host: hostSections,
};
