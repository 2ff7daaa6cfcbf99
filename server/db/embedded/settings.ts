import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';

const clusterFileSchema = z.strictObject({
  /** Where the cluster is. */
  directory: z.string().min(1),
  /** Port on 127.0.0.1. */
  port: z.number().int().min(1).max(65_535),
});
export type ClusterFile = z.infer<typeof clusterFileSchema>;

const fileName = (dataDir: string) => join(dataDir, 'pg', 'cluster.json');

/** What is remembered of this installation's cluster; null before the first start. */
export function readClusterFile(dataDir: string): ClusterFile | null {
  if (!existsSync(fileName(dataDir))) return null;
  return clusterFileSchema.parse(JSON.parse(readFileSync(fileName(dataDir), 'utf8')));
}

export function writeClusterFile(dataDir: string, content: ClusterFile): void {
  const next = `${fileName(dataDir)}.next`;
  writeFileSync(next, `${JSON.stringify(content)}\n`);
  renameSync(next, fileName(dataDir));
}

/** The password of this installation's cluster: random, made once, readable by the server alone. */
export function clusterPassword(dataDir: string): string {
  const file = join(dataDir, 'pg', 'password');
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8');
}

/** A port of 127.0.0.1 that is free: `wanted` if it is, else one that the machine chooses. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (wanted !== 0 && error.code === 'EADDRINUSE') resolve(freePort());
      else reject(error);
    });
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}
