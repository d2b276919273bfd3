/** A device from outside: a YAML file that tells what it is, where its cable ends, what its vendor claims and how it is configured. Every complaint names line and column. */
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { readText } from '../files/file.ts';
import type { NodeConfiguration } from '../lab/node.ts';
import { type ClaimName, claimed, claimNames } from '../products/device/claims.ts';
import { type Configuring, type DeviceDescription, toldOf } from '../products/device/device.ts';
import type { DeviceProduct, Product } from '../products/product.ts';
import { UsageFault, unknown } from '../usage-fault.ts';

/** `ours` may be named by `like`. Throws `FileFault` or `UsageFault`. */
export function outsideDevice(path: string, ours: readonly Product[]): DeviceProduct {
  const { name, version, interface: wired, like, unsupported, configure, ask, expected } = documentOf(path);
  const folder = dirname(resolve(path));
  const model = like === undefined ? undefined : likeness(like, ours);
  const configuring: Configuring = ask ? { by: 'person' } : { by: 'command', folder, ...configure! };
  const device: DeviceDescription = {
    name,
    version,
    interface: wired,
    configure: configuring,
    unsupported: (configuration: NodeConfiguration) =>
      configuration.interfaces.length > 1
        ? 'a device has one cable, and this wants more'
        : (claimed(unsupported, configuration) ?? model?.unsupported(configuration)),
    ...(model && { inItsLanguage: (configuration: NodeConfiguration) => model.rendered(configuration) }),
  };
  return {
    name,
    runs: 'on-cable',
    version,
    device,
    ...(expected && { expected: expected === 'lawful' ? expected : { baseline: resolve(folder, expected.baseline) } }),
    unsupported: device.unsupported,
    rendered: (configuration) => toldOf(device, configuration).page,
  };
}

/** Whether a word of the command line names such a file. */
export const isDeviceFile = (word: string): boolean => /\.ya?ml$/.test(word);

function likeness(like: string, ours: readonly Product[]): Product {
  const inGuests = ours.filter(({ runs }) => runs === 'in-guest');
  const found = inGuests.find(({ name }) => name === like);
  if (found) return found;
  throw unknown(
    'product that a device could be like',
    like,
    inGuests.map(({ name }) => name),
  );
}

function documentOf(path: string): z.infer<typeof aDevice> {
  const lines = new LineCounter();
  const document = parseDocument(readText(path, MOST_TEXT), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) throw new UsageFault(`${at(fault.pos[0])}: ${fault.message}`);
  const read = aDevice.safeParse(contentOf(document, path));
  if (read.success) return read.data;
  const said = read.error.issues.slice(0, MOST_TOLD).map(({ path: place, message }) => {
    const node = nearest(document, place);
    return `${at(node)}: ${place.join('.') || 'the whole'}: ${message}`;
  });
  throw new UsageFault(said.join('\n'));
}

/** Throws for aliases that unfold into more than a product file can be. */
function contentOf(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 10 });
  } catch (cause) {
    throw new UsageFault(`${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** The offset of what is there, or of what it should be in. */
function nearest(document: ReturnType<typeof parseDocument>, place: readonly PropertyKey[]): number {
  for (let depth = place.length; depth >= 0; depth--) {
    const found = document.getIn(place.slice(0, depth), true);
    if (isNode(found) && found.range) return found.range[0];
  }
  return 0;
}

const words = (what: string, most = 200) =>
  z.string(`wanted ${what}`).min(1, `wanted ${what}`).max(most, `wanted ${what}, of at most ${most} letters`);
const aName = z
  .string('wanted a name')
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'wanted at most 64 letters, digits, `.`, `_`, `@` and `-`');
const anInterface = z
  .string('wanted the name of an interface')
  .regex(/^[^\s/]{1,15}$/, 'wanted the name of an interface, of at most 15 letters');

const aDevice = z
  .strictObject(
    {
      name: aName,
      version: words('a version, in quotes'),
      interface: z.strictObject({ nic: anInterface, device: words('what the device calls its interface', 32) }),
      like: aName.optional(),
      unsupported: z
        .array(
          z.strictObject({
            what: z.enum(claimNames as [ClaimName, ...ClaimName[]], `wanted one of: ${claimNames.join(', ')}`),
            why: words('the words of the vendor', 500),
          }),
          'wanted a list of what and why',
        )
        .default([]),
      configure: z
        .strictObject({
          command: z
            .array(words('a program, and words it is given', 4096), 'wanted a list: a program, and words it is given')
            .min(1, 'wanted a program'),
          within: z.number('wanted seconds').positive('wanted seconds').max(3600, 'wanted an hour at most').default(60),
        })
        .optional(),
      ask: z.literal(true, 'wanted true, or nothing').optional(),
      expected: z
        .union([z.literal('lawful'), z.strictObject({ baseline: words('a path') })], 'wanted lawful or a baseline')
        .optional(),
    },
    {
      error: ({ code, keys }) =>
        code === 'unrecognized_keys'
          ? `there is no word ${(keys as string[]).join(', ')}`
          : 'wanted name, version, interface, and configure or ask',
    },
  )
  .refine(
    ({ configure, ask }) => (configure === undefined) !== (ask === undefined),
    'wanted either `configure` or `ask: true`',
  );

const MOST_TEXT = 1 << 20;
const MOST_TOLD = 10;
