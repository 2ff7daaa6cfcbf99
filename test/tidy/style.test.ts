// Goal: the style of the house (DESIGN 6) holds everywhere, so that nobody has to argue about it.
import { parse } from '@babel/parser';
import { describe, expect, test } from 'vitest';
import { CODE_FOLDERS, sources } from '../support/sources.ts';

const LINE_MAX = 100;
const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;
/** Vietnamese sentences, addresses, names of tests and patterns do not break well. */
const UNBREAKABLE = /https?:\/\/|[À-ỹ]|^\s*(test|it)\(|^\s*\/.*\/[gim]*[;,]$/;

const code = sources(CODE_FOLDERS, ['.ts', '.tsx', '.mjs']);

/** A part of the syntax tree: everything has a type and a place, the rest is walked by name. */
interface Node {
  readonly type: string;
  readonly loc?: {
    readonly start: { readonly line: number };
    readonly end: { readonly line: number };
  };
}

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
]);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/**
 * Functions of a file that are longer than they may be. A test's suite is a list, not a function.
 */
function longFunctions(path: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: Node, depth: number): void => {
    const { start, end } = node.loc ?? { start: { line: 0 }, end: { line: 0 } };
    const length = end.line - start.line + 1;
    const isSuite = path.startsWith('test/') && depth === 0;
    if (FUNCTIONS.has(node.type) && !isSuite && length > FUNCTION_LINES_MAX) {
      found.push(`${path}:${start.line} (${length} lines)`);
    }
    const deeper = FUNCTIONS.has(node.type) ? depth + 1 : depth;
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) visit(child, deeper);
      }
    }
  };
  visit(parse(text, { sourceType: 'module', plugins: ['typescript', 'jsx'] }).program as Node, 0);
  return found;
}

/** Code only: a sentence may say what code may not. */
function withoutComment(line: string): string {
  return /^\s*(\/\/|\/?\*)/.test(line) ? '' : line;
}

describe('style', () => {
  test('files are short enough to be read whole', () => {
    expect(
      code.filter((file) => file.lines.length > FILE_LINES_MAX + 1).map((file) => file.path),
    ).toEqual([]);
  });

  test('lines fit on a screen', () => {
    const long = code.flatMap((file) =>
      file.lines.flatMap((line, at) =>
        line.length > LINE_MAX && !UNBREAKABLE.test(line) ? [`${file.path}:${at + 1}`] : [],
      ),
    );
    expect(long).toEqual([]);
  });

  test('functions are short enough to be understood at once', () => {
    expect(code.flatMap((file) => longFunctions(file.path, file.lines.join('\n')))).toEqual([]);
  });

  test('nothing is left unfinished, switched off or let through', () => {
    const hole =
      /@ts-(ignore|nocheck|expect-error)|biome-ignore|\bas any\b|: any\b|TODO|FIXME|\.(skip|only|todo)\(|catch *(\(\w*\))? *\{ *\}/;
    const own = 'test/tidy/style.test.ts';
    const found = code.flatMap((file) =>
      file.path === own
        ? []
        : file.lines.flatMap((line, at) =>
            hole.test(withoutComment(line)) ? [`${file.path}:${at + 1}`] : [],
          ),
    );
    expect(found).toEqual([]);
  });
});

describe('time and chance', () => {
  /**
   * The rooms in which a day is replayed from its seed, and the few files that may ask the machine.
   */
  const PURE = ['plc/', 'recipes/', 'simulators/'];
  const READERS = ['plc/runtime/clock.ts', 'plc/main.ts', 'simulators/main.ts', 'recipes/load.ts'];
  const READ =
    /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|\bset(Timeout|Interval|Immediate)\(/;

  test('only the clock and the composition roots read them', () => {
    const found = code
      .filter((file) => PURE.some((room) => file.path.startsWith(room)))
      .filter((file) => !READERS.includes(file.path))
      .flatMap((file) =>
        file.lines.flatMap((line, at) =>
          READ.test(line) ? [`${file.path}:${at + 1}: ${line.trim()}`] : [],
        ),
      );
    expect(found).toEqual([]);
  });

  test('machines have no timers, invoked promises or delays of their own', () => {
    const found = sources(['plc/machines', 'plc/logic'], ['.ts']).flatMap((file) =>
      file.lines.flatMap((line, at) =>
        /^\s*(after|invoke|delays):/.test(line) ? [`${file.path}:${at + 1}`] : [],
      ),
    );
    expect(found).toEqual([]);
  });
});
