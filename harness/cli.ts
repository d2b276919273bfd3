import { Argument, Command, type OptionValues } from 'commander';
import { completedFromJournal } from './commands/completed.ts';
import type { Announced, Composition } from './commands/composition.ts';
import { doctor } from './commands/doctor.ts';
import { evidence } from './commands/evidence.ts';
import { gathered } from './commands/gathered.ts';
import { judge } from './commands/judge.ts';
import { kubernetes } from './commands/kubernetes.ts';
import { list, listUntested } from './commands/list.ts';
import { listDocuments } from './commands/list-documents.ts';
import { listProducts } from './commands/list-products.ts';
import { listSuites } from './commands/list-suites.ts';
import { merge } from './commands/merge.ts';
import { mutants } from './commands/mutants.ts';
import { named } from './commands/named.ts';
import { queue } from './commands/queue.ts';
import { rejudge } from './commands/rejudge.ts';
import { run } from './commands/run.ts';
import type { RunOptions } from './commands/run-options.ts';
import { selectionFrom } from './commands/selection.ts';
import { show } from './commands/show.ts';
import type { ExitCode, Surroundings } from './commands/surroundings.ts';
import { worker } from './commands/worker.ts';
import { makeWritableFolder } from './files/folder.ts';
import { version } from './installation.ts';
import {
  bringing,
  bringingPrograms,
  commaSeparated,
  examples,
  folder,
  fromOutside,
  inShards,
  isBrought,
  jobs,
  lease,
  queueing,
  running,
  selecting,
  usualFormats,
  withOthers,
  wordsGiven,
} from './options.ts';
import type { Product } from './products/product.ts';
import { runtimeNames } from './runtime/runtimes.ts';
import { failed, guard, interruption, surroundingsOf } from './terminal.ts';
import { requireKnown, UsageFault } from './usage-fault.ts';

/** `compose` is called once something is asked for, so that help comes without a suite being read. */
export async function main(
  announced: Announced,
  compose: () => Promise<Composition>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { signal, release } = interruption((says) => surroundings.err(says));
  const surroundings = surroundingsOf(env, signal);
  const letGo = guard(surroundings.err, signal);
  let code: ExitCode = 0;
  const program = commandLine(announced, compose, surroundings, env, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (fault) {
    return failed(fault, surroundings);
  } finally {
    release();
    letGo();
  }
}

function commandLine(
  ours: Announced,
  compose: () => Promise<Composition>,
  surroundings: Surroundings,
  env: NodeJS.ProcessEnv,
  ends: (code: ExitCode) => void,
): Command {
  const products = `${ours.products.map(({ name }) => name).join(', ')}, or the path of a module`;
  const program = new Command('touchstone')
    .description('Conformance and interop test harness for IPsec and Mobile IPv6')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeErr: (text) => surroundings.err(text.trimEnd()),
      writeOut: (text) => surroundings.out(text.trimEnd()),
    })
    .showHelpAfterError('(touchstone --help shows the commands)');
  /** What a person asks of a campaign, with what came from outside. */
  const campaignAsked = async (options: OptionValues, command: Command) => {
    const outside = fromOutside(options as Parameters<typeof fromOutside>[0], ours);
    const { composition, product } = await gathered(await compose(), outside);
    const chosen: RunOptions = {
      ...(options as RunOptions),
      ...selectionFrom(options, composition),
      outside,
      products: [...new Set<Product>(options.product.map(product))],
      replace: options.replace ?? command.getOptionValueSource('out') === 'default',
      out: options.resume ?? options.out,
      formats: options.format,
      companions: options.with?.map((word: string) => product(word).name),
    };
    return { chosen, composition };
  };

  bringingPrograms(program.command('doctor'), ours)
    .description('what this machine can run, and the command that supplies what is missing')
    .option('--product <names...>', 'also whether these could be run, and what they would be run on', [])
    .addHelpText('after', examples('touchstone doctor', 'touchstone doctor --product strongswan@trixie linux@sid'))
    .action(async (options) => {
      const { composition, product } = await gathered(await compose(), fromOutside({ suites: [], ...options }, ours));
      const named: readonly Product[] = options.product.map(product);
      const looked = new Set([...named, ...composition.products.filter(isBrought)]);
      ends(await doctor(env.PATH ?? '', [...looked], surroundings));
    });

  bringingPrograms(selecting(program.command('list')), ours)
    .addArgument(new Argument('[what]', 'what to list').choices(Object.keys(lists)).default('cases'))
    .description(
      'the cases, and with --product whether they are planned, or unsupported and why; or suites, documents, products, or what no case tests, each with its reason',
    )
    .option('--product <name>', products)
    .option('--products', 'the same as: list products')
    .option('--untested', 'the same as: list untested')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples(
        'touchstone list suites',
        'touchstone list --suite identity --product strongswan',
        'touchstone list products',
        'touchstone list untested --json',
      ),
    )
    .action(async (argument, options) => {
      const { composition, product } = await gathered(await compose(), fromOutside(options, ours));
      const what: keyof typeof lists = options.products ? 'products' : options.untested ? 'untested' : argument;
      const whole = lists[what];
      if (whole) {
        if ([options.suite, options.requirement, options.case, options.shard, options.product].some(Boolean))
          throw new UsageFault(`list ${what} names all of them: it takes no product and no selection`);
        return ends(whole(options, composition, surroundings));
      }
      const selection = selectionFrom(options, composition);
      const chosen = options.product && product(options.product);
      ends(list({ ...options, ...selection, product: chosen }, composition, surroundings));
    });

  bringingPrograms(bringing(program.command('show')), ours)
    .argument('<case>', 'ID/variant, or ID')
    .option('--product <name>', `also this product's own configuration: ${products}`)
    .option('--json', 'one JSON document on stdout')
    .description('intent, configuration, question, readings and mutants of one case')
    .addHelpText('after', examples('touchstone show DUPONT-C2a/other-prefix-manual --product linux'))
    .action(async (name, options) => {
      const { composition, product } = await gathered(await compose(), fromOutside(options, ours));
      const chosen = { ...options, product: options.product && product(options.product) };
      ends(show(name, chosen, composition, surroundings));
    });

  withOthers(running(program.command('run'), ours, 'reports/out/latest', usualFormats))
    .description('run cases against products, and report')
    .addHelpText(
      'after',
      examples(
        'touchstone run --product reference',
        'touchstone run --product linux strongswan --suite outer-address',
        "touchstone run --product strongswan --case 'DUPONT-G1/*' --seed 7",
        'touchstone run --product linux --resume reports/out/latest',
        'touchstone run --product strongswan strongswan@trixie strongswan@sid --suite identity',
        'touchstone run --product ./acme/product.ts --suites ./acme/suites.ts --suite acme',
      ),
    )
    .action(async (options, command: Command) => {
      const { chosen, composition } = await campaignAsked(options, command);
      ends(await run(chosen, composition, surroundings));
    });

  running(program.command('matrix'), ours, 'reports/out/matrix', [...usualFormats, 'matrix'])
    .description(
      'every ordered pair of products by every scenario in which two meet, and who is to blame for what fails',
    )
    .addHelpText(
      'after',
      examples(
        'touchstone matrix --product strongswan libreswan openiked reference',
        "touchstone matrix --product strongswan strongswan@trixie --case '*/rekeyed-*'",
        'touchstone matrix --product strongswan reference --baseline reports/out/before/result.json',
      ),
    )
    .action(async (options, command: Command) => {
      const { chosen, composition } = await campaignAsked(options, command);
      const companions = chosen.products.map(({ name }) => name);
      ends(await run({ ...chosen, companions, meeting: true }, composition, surroundings));
    });

  withOthers(inShards(running(program.command('kubernetes'), ours, 'reports/out/latest', usualFormats)))
    .description('a manifest of an Indexed Job that runs a campaign in shards, one a pod, and merges them')
    .addHelpText(
      'after',
      examples(
        'touchstone kubernetes --product linux --shards 8 --image registry.lab/touchstone:1 --claim campaigns | kubectl apply -f -',
      ),
    )
    .action(async ({ balancedBy: _balancedBy, ...options }, command: Command) => {
      const argv = ['run', ...wordsGiven(command)];
      const { chosen, composition } = await campaignAsked(options, command);
      ends(kubernetes({ ...options, argv }, chosen, composition, surroundings));
    });

  withOthers(queueing(running(program.command('queue'), ours, 'reports/out/queue', usualFormats)))
    .description('what run does, carried out by the workers of a queue, wherever they are')
    .addHelpText(
      'after',
      examples(
        'touchstone queue --product linux strongswan --redis redis://lab:6379',
        'touchstone queue --product reference --suite outer-address --resume reports/out/queue',
      ),
    )
    .action(async (options, command: Command) => {
      const { chosen, composition } = await campaignAsked(options, command);
      const place = { redis: options.redis, prefix: options.queue };
      ends(await queue({ ...chosen, place }, composition, surroundings));
    });

  queueing(bringingPrograms(bringing(program.command('worker')), ours))
    .requiredOption('--product <names...>', `what it can seat: ${products}`)
    .option('--runtime <name>', `where guests run: ${runtimeNames.join(', ')}; uml, or what a product names, without`)
    .addOption(jobs())
    .addOption(lease())
    .description('take runs from a queue and carry them out here, until it is stopped')
    .addHelpText('after', examples('touchstone worker --product linux strongswan --jobs 4 --redis redis://lab:6379'))
    .action(async (options) => {
      const outside = fromOutside(options, ours);
      const { composition, product } = await gathered(await compose(), outside);
      requireKnown('runtime', options.runtime === undefined ? [] : [options.runtime], runtimeNames);
      const place = { redis: options.redis, prefix: options.queue };
      const seats = [...new Set<Product>(options.product.map(product))];
      ends(await worker({ ...options, products: seats, outside, place }, composition, surroundings));
    });

  selecting(program.command('mutants'))
    .description('each case against the mutants it declares')
    .option('--full', 'against all mutants')
    .addOption(jobs())
    .option('--seed <text>', 'what all entropy comes from', '1')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      examples('touchstone mutants --suite outer-address', "touchstone mutants --case 'DUPONT-C2a/*' --full --json"),
    )
    .action(async (options) => {
      const { composition } = await gathered(await compose(), fromOutside(options, ours));
      const selection = selectionFrom(options, composition);
      ends(await mutants({ ...options, ...selection, outside: fromOutside(options, ours) }, composition, surroundings));
    });

  bringing(program.command('rejudge'))
    .argument('<dir>', 'the folder of a run, or of one bundle')
    .option('--json', 'one JSON document on stdout')
    .description('the verdicts again, from bundles alone')
    .addHelpText(
      'after',
      examples(
        'touchstone rejudge reports/out/latest',
        'touchstone rejudge reports/out/latest/bundles/linux/outer-source --json',
      ),
    )
    .action(async (directory, options) => {
      const { composition } = await gathered(await compose(), fromOutside(options, ours));
      ends(await rejudge(directory, options, composition, surroundings));
    });

  program
    .command('merge')
    .argument('<dirs...>', 'the folders of the shards, in any order')
    .option('--out <dir>', 'where the whole goes, with all bundles', folder, 'reports/out/merged')
    .option('--replace', 'the earlier run in the folder of --out may go', false)
    .option('--format <formats>', `reports to write: ${ours.formats.join(', ')}`, commaSeparated, usualFormats)
    .option('--json', 'print result.json on stdout')
    .description('the shards of one campaign as one run')
    .addHelpText(
      'after',
      examples(
        'touchstone run --product linux --shard 1/2 --out one && touchstone run --product linux --shard 2/2 --out two',
        'touchstone merge one two --out whole',
      ),
    )
    .action(async (folders, { format, ...options }) => {
      ends(await merge(folders, { ...options, formats: format }, await compose(), surroundings));
    });

  program
    .command('judge')
    .argument('<captures...>', 'pcap or pcapng files, compressed or not; - for standard input')
    .option(
      '--keys <paths...>',
      "files or folders with keys: Wireshark's tables, setkey, ip xfrm state, tcpdump -E, or touchstone-secrets/1",
      [],
    )
    .option('--requirement <globs...>', 'only what is asked of these entries of the catalogue (* and ?)')
    .option('--out <dir>', 'where the result and the reports go; without it nothing is written', folder)
    .option('--replace', 'the earlier result in the folder of --out may go')
    .option('--by <documents>', 'only a fail by these documents is unexpected', commaSeparated, [])
    .option(
      '--baseline <file>',
      'expected outcomes, or the result.json of an earlier judgement, since which changes are said',
    )
    .option('--format <formats>', `reports to write: ${ours.formats.join(', ')}`, commaSeparated, usualFormats)
    .option('--json', 'print the result on stdout')
    .description('captures that others made, judged by what a capture alone can settle')
    .addHelpText(
      'after',
      examples(
        'touchstone judge office.pcapng --keys keys/',
        'tcpdump -w - -i eth0 | touchstone judge - --json',
        "touchstone judge a.pcap b.pcap.gz --keys esp_sa ike.json --requirement 'MCDANIEL-*' --out judged",
      ),
    )
    .action(async (captures, options) => {
      ends(await judge(captures, { ...options, formats: options.format }, await compose(), surroundings));
    });

  bringing(program.command('evidence'))
    .argument('<dir>', 'the folder of a run')
    .requiredOption('--logo', 'as the IPv6 Ready Logo asks of applicants')
    .option('--out <dir>', 'where it goes', folder, 'reports/out/evidence')
    .option('--ids <file>', 'a list of tests, an id a line: those that nothing covers are named, too')
    .description(
      'what an applicant hands in: topology, commands, captures by test and link, keys, the table of results',
    )
    .addHelpText('after', examples('touchstone evidence reports/out/latest --logo --ids logo-tests.tsv --out evidence'))
    .action(async (directory, options) => {
      const { composition } = await gathered(await compose(), fromOutside(options, ours));
      for (const notice of completedFromJournal(directory)) surroundings.err(notice);
      ends(evidence(directory, options, composition, surroundings));
    });

  program
    .command('report')
    .argument('<dir>', 'the folder of a run')
    .option('--format <formats>', ours.formats.join(', '), commaSeparated, ['html'])
    .option('--out <dir>', 'where the reports go; the folder of the run without', folder)
    .option(
      '--against <dir>',
      'the folder of another run, earlier or of another version: what changed since, case by case',
    )
    .option(
      '--beside <dirs...>',
      'the folders of further runs of one campaign: their products stand in the table of modes, too',
    )
    .description('write the reports of a run again')
    .addHelpText(
      'after',
      examples(
        'touchstone report reports/out/latest --format html,markdown --out /tmp/report',
        'touchstone report reports/out/new --against reports/out/old --format html,comparison',
        'touchstone report reports/out/strongswan --beside reports/out/linux reports/out/libreswan --format modes',
      ),
    )
    .action(async (directory, options) => {
      const out = options.out ?? directory;
      const { against: earlier, beside = [] } = options;
      for (const notice of completedFromJournal(directory)) surroundings.err(notice);
      const others = [
        ...(earlier === undefined ? [] : [['--against', earlier]]),
        ...beside.map((each: string) => ['--beside', each]),
      ];
      for (const [option, other] of others)
        for (const notice of named(option, () => completedFromJournal(other))) surroundings.err(notice);
      if (options.out !== undefined) named('--out', () => makeWritableFolder(out));
      const { reports } = await compose();
      const files = reports.write(directory, options.format, out, { earlier, beside });
      for (const file of files) surroundings.err(`report: ${file}`);
      ends(0);
    });

  for (const command of program.commands)
    command.showHelpAfterError(`(touchstone ${command.name()} --help shows its options)`);
  return program;
}

/** What `list` has beside the cases, which alone can be selected from. */
const lists = {
  cases: undefined,
  suites: listSuites,
  documents: listDocuments,
  products: listProducts,
  untested: listUntested,
} as const;
