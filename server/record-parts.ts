import type { Mill } from '../plc/mill/definition.ts';
import type { Recipes } from '../recipes/parse.ts';
import type { PoolHandle } from './db/pool-handle.ts';
import { DrugDesk } from './drugs/drug-desk.ts';
import { DrugLedger } from './drugs/drug-ledger.ts';
import type { RecordChain } from './records/chain/record-chain.ts';
import type { RecordSigner } from './records/chain/record-key.ts';
import { RecordBook } from './records/record-book.ts';
import { Tracer } from './trace/trace.ts';

/** What people read of the chain of records and write into it. */
export interface RecordParts {
  readonly book: RecordBook;
  readonly tracer: Tracer;
  readonly ledger: DrugLedger;
  readonly drugDesk: DrugDesk;
}

export interface RecordSources {
  /** Connections for what may take long, and for what people wait for. */
  readonly reports: PoolHandle;
  readonly people: PoolHandle;
  readonly mill: Mill;
  readonly recipes: Recipes;
  readonly chain: RecordChain;
  readonly signer: RecordSigner;
}

export function recordParts(sources: RecordSources): RecordParts {
  const { reports, people, mill, recipes, chain, signer } = sources;
  const drugs = [...recipes.materials.values()]
    .filter(({ medicated }) => medicated)
    .map(({ code }) => code);
  const ledger = new DrugLedger(reports, mill, drugs);
  return {
    book: new RecordBook(reports, mill, signer),
    tracer: new Tracer(reports, mill),
    ledger,
    drugDesk: new DrugDesk(people, chain, ledger, drugs),
  };
}
