import { createHash } from 'node:crypto';
import type { TagDefinition } from '../model/tag.ts';

/** SHA-256 over names and types in order: both ends of the link must number the same tags alike. */
export function tagTableHash(tags: readonly Pick<TagDefinition, 'name' | 'dataType'>[]): string {
  const hash = createHash('sha256');
  for (const tag of tags) hash.update(`${tag.name}:${tag.dataType}\n`);
  return hash.digest('hex');
}
