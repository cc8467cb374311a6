/** Reads the part of SHACL that DCAT-AP's shapes use most: cardinality, kind of node and datatype of properties by target class. */

export interface Quad {
  readonly subject: { readonly value: string };
  readonly predicate: { readonly value: string };
  readonly object: { readonly termType: string; readonly value: string; readonly datatype?: { readonly value: string } };
}

interface Constraint {
  readonly path: string;
  readonly min: number;
  readonly max: number;
  readonly nodeKind: string | undefined;
  readonly datatype: string | undefined;
}

const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
/** A constraint without a path is none of those read here; fewer than this and the file was not understood. */
const CONSTRAINTS_MIN = 100;

/** Class → its constraints, from the text of a Turtle file as published (one shape a block, one constraint a pair of brackets). */
export function readShapes(turtle: string): ReadonlyMap<string, readonly Constraint[]> {
  const prefixes = new Map([...turtle.matchAll(/@prefix\s+([\w-]*):\s+<([^>]+)>/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
  const full = (name: string | undefined): string | undefined => {
    if (name === undefined) return undefined;
    const [prefix = '', local = ''] = name.split(':');
    return `${prefixes.get(prefix) ?? `${prefix}:`}${local}`;
  };
  const shapes = new Map<string, Constraint[]>();
  let count = 0;
  for (const block of turtle.split(/(?=^\S+\s*\n\s+a sh:NodeShape)/m)) {
    const target = full(/sh:targetClass\s+([\w-]+:\w+)/.exec(block)?.[1]);
    if (target === undefined) continue;
    for (const [inside] of block.matchAll(/\[[^[\]]*\]/g)) {
      const path = full(/sh:path\s+([\w-]+:\w+)/.exec(inside)?.[1]);
      if (path === undefined) continue;
      const constraint = {
        path,
        min: Number(/sh:minCount\s+(\d+)/.exec(inside)?.[1] ?? 0),
        max: Number(/sh:maxCount\s+(\d+)/.exec(inside)?.[1] ?? Number.POSITIVE_INFINITY),
        nodeKind: /sh:nodeKind\s+sh:(\w+)/.exec(inside)?.[1],
        datatype: full(/sh:datatype\s+([\w-]+:\w+)/.exec(inside)?.[1]),
      };
      shapes.set(target, [...(shapes.get(target) ?? []), constraint]);
      count++;
    }
  }
  if (count < CONSTRAINTS_MIN) throw new Error(`only ${count} constraints were understood`);
  return shapes;
}

/** One sentence for each broken constraint. */
export function brokenShapes(quads: readonly Quad[], shapes: ReadonlyMap<string, readonly Constraint[]>): readonly string[] {
  const broken: string[] = [];
  for (const typed of quads.filter((quad) => quad.predicate.value === TYPE)) {
    for (const { path, min, max, nodeKind, datatype } of shapes.get(typed.object.value) ?? []) {
      const objects = quads.filter((quad) => quad.subject.value === typed.subject.value && quad.predicate.value === path).map((quad) => quad.object);
      const say = (what: string): void => void broken.push(`${typed.subject.value} ${path}: ${what}`);
      if (objects.length < min) say(`${objects.length} of at least ${min}`);
      if (objects.length > max) say(`${objects.length} of at most ${max}`);
      for (const object of objects) {
        if (nodeKind === 'Literal' && object.termType !== 'Literal') say('is no literal');
        if ((nodeKind === 'IRI' || nodeKind === 'BlankNodeOrIRI') && object.termType === 'Literal') say('is a literal');
        if (datatype !== undefined && object.datatype?.value !== datatype) say(`is no ${datatype}`);
      }
    }
  }
  return broken;
}
