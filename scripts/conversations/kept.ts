/**
 * Every collection that a machine keeps, wherever it stands in it, with its size: what others make it keep must have a bound, also where nobody thought of one.
 * Private fields are read through the inspector of Node, as a debugger does.
 */
import { type Runtime, Session } from 'node:inspector';

export interface Kept {
  /** The fields that lead there. */
  readonly path: string;
  readonly size: number;
}

/** Maps, sets and arrays of more than `least` entries, the greatest first. */
export function keptBy(machine: object, least: number): readonly Kept[] {
  const session = new Session();
  session.connect();
  const place = globalThis as { machineLookedInto?: object };
  place.machineLookedInto = machine;
  try {
    const { result } = posted<Runtime.EvaluateReturnType>(session, 'Runtime.evaluate', {
      expression: 'globalThis.machineLookedInto',
    });
    return walked(session, result).filter(({ size }) => size > least);
  } finally {
    delete place.machineLookedInto;
    session.disconnect();
  }
}

interface Reached {
  readonly path: string;
  readonly object: Runtime.RemoteObject;
}

/** Each kind of place once: what a collection holds is like its first few entries. */
function walked(session: Session, root: Runtime.RemoteObject): readonly Kept[] {
  const kept: Kept[] = [];
  const open: Reached[] = [{ path: '', object: root }];
  const known = new Set<string>();
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, object } = next;
    if (object.objectId === undefined || known.has(path) || path.split('.').length > DEEPEST) continue;
    known.add(path);
    const size = sizeOf(object);
    if (size !== undefined) kept.push({ path, size });
    if (object.subtype === 'typedarray' || object.type === 'function') continue;
    open.push(...fieldsOf(session, object.objectId, path));
  }
  return kept.toSorted((one, other) => other.size - one.size);
}

function fieldsOf(session: Session, objectId: string, path: string): readonly Reached[] {
  const fields = posted<PropertiesWithPrivate>(session, 'Runtime.getProperties', { objectId, ownProperties: true });
  const own = fields.result.slice(0, MOST_FIELDS).map(({ name, value }) => ({ name, value }));
  const inner = (fields.internalProperties ?? []).filter(({ name }) => name === '[[Entries]]');
  return [...own, ...(fields.privateProperties ?? []), ...inner].flatMap(({ name, value }) =>
    value?.objectId === undefined || name === '__proto__' || name === 'constructor'
      ? []
      : [{ path: `${path}.${/^\d+$/.test(name) ? '*' : name}`, object: value }],
  );
}

/** What the inspector says of it: `Map(3)`, `Array(2)`. */
function sizeOf({ subtype, description = '' }: Runtime.RemoteObject): number | undefined {
  if (subtype !== 'map' && subtype !== 'set' && subtype !== 'array') return undefined;
  const size = /\((\d+)\)$/.exec(description)?.[1];
  return size === undefined ? undefined : Number(size);
}

type PropertiesWithPrivate = Runtime.GetPropertiesReturnType & {
  readonly privateProperties?: readonly { readonly name: string; readonly value?: Runtime.RemoteObject }[];
};

/** The inspector answers before this returns. */
function posted<Answer>(session: Session, method: string, parameters: object): Answer {
  let answer: Answer | undefined;
  session.post(method, parameters, (error: Error | null, answered?: object) => {
    if (error) throw error;
    answer = answered as Answer;
  });
  return answer!;
}

const DEEPEST = 12;
const MOST_FIELDS = 60;
