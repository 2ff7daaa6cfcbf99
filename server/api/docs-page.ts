import { z } from 'zod';
import { POLICY } from '../auth/policy.ts';
import { openApiPath } from './openapi.ts';
import type { Route } from './route.ts';
import { isTextResponse } from './route.ts';

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:62rem;padding:1.5rem;color:#1f2426;
background:#eceeef}
h1{font-size:1.5rem;margin:0}h2{margin:2rem 0 .5rem;font-size:1.1rem;text-transform:capitalize}
details{background:#fff;border:1px solid #c8cdcf;border-radius:4px;margin:.4rem 0;
padding:.5rem .8rem}
summary{cursor:pointer;display:flex;gap:.8rem;flex-wrap:wrap;align-items:baseline}
code,pre{font:13px/1.45 ui-monospace,monospace}pre{overflow:auto;background:#f4f5f5;padding:.6rem}
.method{font-weight:700;min-width:4rem}.who{color:#4a5357}a{color:#1c4f7a}
`;

function escaped(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
}

function schemaBlock(title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string {
  if (schema === undefined) return '';
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return `<h4>${title}</h4><pre>${escaped(JSON.stringify(json, null, 2))}</pre>`;
}

function operation(one: Route): string {
  const policy = POLICY[one.door];
  const who = typeof policy === 'string' ? policy : policy.join(', ');
  const { vi, en } = one.summary;
  const answer = one.response;
  const answerBlock =
    answer === null
      ? '<h4>Trả lời · Answer</h4><p>204</p>'
      : isTextResponse(answer)
        ? `<h4>Trả lời · Answer</h4><p><code>${escaped(answer.contentType)}</code></p>`
        : schemaBlock('Trả lời · Answer', answer, 'output');
  return `<details><summary><span class="method">${one.method.toUpperCase()}</span>
<code>${escaped(openApiPath(one.path))}</code><span>${escaped(`${vi} · ${en}`)}</span>
</summary><p class="who">Ai được phép · Who may: ${escaped(who)}
(<code>${one.door}</code>)</p>
${schemaBlock('Đường dẫn · Path', one.params, 'input')}
${schemaBlock('Tham số · Query', one.query, 'input')}
${schemaBlock('Nội dung · Body', one.body, 'input')}${answerBlock}</details>`;
}

/** A page to read the interface by, made from the routes; it loads nothing from anywhere. */
export function docsPage(routes: readonly Route[], version: string): string {
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const list = routes.filter((one) => one.tag === tag).map(operation);
    return `<section><h2>${escaped(tag)}</h2>${list.join('')}</section>`;
  });
  return `<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>API</title>
<style>${STYLE}</style></head><body><h1>API ${escaped(version)}</h1>
<p>Thời gian theo ISO 8601 UTC, khối lượng kg. Lỗi theo RFC 9457. ·
Times are ISO 8601 UTC, masses kg. Errors follow RFC 9457.
<a href="/api/openapi.json">OpenAPI 3.1</a></p>${sections.join('')}</body></html>`;
}
