/** A QR code as SVG, for pages and for paper. It holds an address: whoever has no camera reads the same beside it. */

import { generate } from 'lean-qr';
import type { VNode } from 'preact';

const QUIET = 4;

interface Drawn {
  readonly side: number;
  readonly path: string;
}

function drawn(text: string): Drawn {
  const code = generate(text);
  let path = '';
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.get(x, y)) continue;
      const from = x;
      while (x + 1 < code.size && code.get(x + 1, y)) x += 1;
      path += `M${from + QUIET} ${y + QUIET}h${x - from + 1}v1h-${x - from + 1}z`;
    }
  }
  return { side: code.size + QUIET * 2, path };
}

/** Black on white whatever the colours of the screen: cameras expect it so. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): VNode {
  const { side, path } = drawn(text);
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The same as a file of its own, for documents. */
export function qrSvg(text: string): string {
  const { side, path } = drawn(text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}"><rect width="${side}" height="${side}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}
