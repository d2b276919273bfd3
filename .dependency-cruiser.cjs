// Who may import whom (docs/architecture.md has the same table). An allow-list: an edge that no row allows is an error. Tests and their
// support stand outside it only where they bring witnesses from outside (node:crypto, tshark) or glue layers for a conversation.
const test = '\\.test(-support)?\\.tsx?$';
const folder = (...names) => `^(${names.join('|')})/`;

/** Everything in `from` may import only what matches `to`. */
const only = (name, from, to, except = []) => ({
  name,
  severity: 'error',
  comment: `${from} may import only ${to.join(', ') || 'nothing outside itself'}`,
  from: { path: from, pathNot: [test, ...except] },
  to: { pathNot: to },
});

const NOBLE = '(^|/)@noble/';
const ASN1 = '(^|/)@peculiar/';
const CRYPTO = '^(node:)?crypto$';
const NODE = '^(node:)?(fs|fs/promises|path|os|url|child_process|dgram|net|timers|events|stream|util|process)(/|$)';
const FILES = '^harness/files/';
const INSTALLATION = '^harness/installation\\.ts$';
const USAGE = '^harness/usage-fault\\.ts$';
const interfaceOfReference = '^reference/(host/(interface|configuration)|machine|certificates/recipe)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment:
        'of types either: what two files both speak stands in a file of its own, types below and behaviour above',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans-outside',
      severity: 'error',
      comment: 'what is compiled at packing is there only in what npm unpacked',
      from: {},
      to: { couldNotResolve: true, pathNot: '^\\.\\./dist/bin/main\\.js$' },
    },
    only('wire', folder('reference/wire'), [folder('reference/wire')]),
    only('transforms', folder('reference/transforms'), [
      folder('reference/transforms', 'reference/wire'),
      NOBLE,
      CRYPTO,
    ]),
    only('certificates', folder('reference/certificates'), [
      folder('reference/certificates', 'reference/wire', 'reference/transforms'),
      ASN1,
    ]),
    only('ipsec', folder('reference/ipsec'), [
      folder('reference/ipsec', 'reference/wire', 'reference/transforms'),
      '^reference/machine\\.ts$',
    ]),
    only('tls', folder('reference/tls'), [
      folder('reference/tls', 'reference/wire', 'reference/transforms', 'reference/certificates'),
      '^reference/machine\\.ts$',
    ]),
    only('ikev2', folder('reference/ikev2'), [
      folder(
        'reference/ikev2',
        'reference/tls',
        'reference/wire',
        'reference/transforms',
        'reference/certificates',
        'reference/ipsec',
      ),
      '^reference/(machine|token-bucket)\\.ts$',
    ]),
    only('mobility', folder('reference/mobility'), [
      folder('reference/mobility', 'reference/wire', 'reference/transforms', 'reference/ipsec'),
      '^reference/(machine|token-bucket)\\.ts$',
    ]),
    only('host', folder('reference/host'), [folder('reference')]),
    only('capture', folder('harness/capture'), [
      folder('harness/capture', 'reference/wire'),
      interfaceOfReference,
      FILES,
      NODE,
      '^(node:)?zlib$', // captures of strangers may be compressed
      '(^|/)zod/',
    ]),
    only('files', folder('harness/files'), [folder('harness/files'), USAGE, NODE, '(^|/)zod/']),
    only('lab', folder('harness/lab'), [
      folder('harness/lab', 'reference', 'harness/capture'),
      INSTALLATION, // the helper that holds a packet socket
      NODE,
      CRYPTO,
    ]),
    only('peers', folder('harness/peers'), [folder('harness/peers', 'harness/lab', 'reference', 'harness/capture')]),
    only('judge', folder('harness/judge'), [folder('harness/judge', 'reference', 'harness/capture')]),
    only('vocabulary', folder('harness/vocabulary'), [
      folder('harness/vocabulary', 'harness/judge', 'harness/peers', 'harness/lab', 'reference/wire'),
      '^harness/capture/transcript.ts$',
    ]),
    only('runtime', folder('harness/runtime'), [
      folder('harness/runtime', 'harness/lab', 'harness/vocabulary', 'harness/capture'),
      INSTALLATION,
      USAGE,
      FILES,
      NODE,
      CRYPTO,
      '(^|/)(docker-compose|zod)/',
    ]),
    only('products', folder('harness/products'), [
      folder('harness/products', 'harness/runtime', 'harness/lab', 'harness/vocabulary', 'harness/capture'),
      INSTALLATION,
      FILES, // what a person brought
      '^(node:)?net$', // BlockList: an address in a prefix, no socket
      '^(node:)?(fs|path)$', // where the shipped baselines are
    ]),
    only('threads', folder('harness/threads'), [
      folder('harness/threads'),
      '^harness/lab/harness-fault\\.ts$',
      '^(node:)?worker_threads$',
    ]),
    only('run', folder('harness/run'), [
      folder('harness', 'reference'),
      NODE,
      CRYPTO,
      '^(node:)?(v8|vm)$', // when garbage is collected
      '(^|/)zod/',
    ]),
    only('outside', folder('harness/outside'), [
      folder('harness', 'reference'),
      NODE,
      '^(node:)?module$',
      '(^|/)(zod|tsx|yaml)/',
    ]),
    only('queue', folder('harness/queue'), [
      folder('harness', 'reference'),
      NODE,
      CRYPTO,
      '^(node:)?zlib$', // what travels is packed
      '(^|/)(bullmq|ioredis|zod)/',
    ]),
    only('logo', folder('harness/logo'), [
      folder('harness/logo', 'harness/capture', 'harness/lab', 'harness/run', 'reference/wire'),
    ]),
    only('kubernetes', folder('harness/kubernetes'), [folder('harness/kubernetes'), '(^|/)(yaml|kubernetes-types)/']),
    only('commands', folder('harness/commands'), [folder('harness'), NODE, CRYPTO]),
    only('command-line', '^harness/(cli|options|terminal)\\.ts$', [
      folder('harness'),
      NODE,
      '(^|/)(commander|picocolors)/',
    ]),
    only('installation', INSTALLATION, [NODE]),
    only('usage-fault', USAGE, []),
    {
      name: 'below-commands',
      severity: 'error',
      from: {
        path: '^(harness/(?!commands/|(cli|options|terminal)\\.ts)|suites/|reports/|reference/)',
        pathNot: test,
      },
      to: { path: '^harness/(commands/|(cli|options|terminal)\\.ts)' },
    },
    {
      name: 'command-line-on-top',
      severity: 'error',
      comment: 'only bin calls the command line, and nobody calls bin',
      from: { pathNot: ['^bin/', test] },
      to: { path: '^(harness/cli\\.ts$|bin/)' },
    },
    only('suites', folder('suites'), [folder('suites', 'harness/vocabulary', 'reference/wire')]),
    only('reports', folder('reports'), [
      folder('reports', 'harness/judge', 'reference/wire'),
      '^harness/capture/transcript.ts$',
      '^harness/run/(case-name|change|gravity|matrix|result(-document)?)\\.ts$',
      INSTALLATION,
      '^(node:)?module$', // the bundler of the page, where there is one
      '^(node:)?zlib$', // recordings stand in the page compressed
      FILES,
      USAGE,
      NODE,
      CRYPTO,
      '(^|/)(preact|esbuild)/',
    ]),
    {
      name: 'protocol-siblings',
      severity: 'error',
      comment: 'the protocol folders never import each other; the host plugs them together',
      from: { path: '^reference/(ikev1|ikev2|mobility)/' },
      to: { path: '^reference/(ikev1|ikev2|mobility)/', pathNot: '^reference/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
