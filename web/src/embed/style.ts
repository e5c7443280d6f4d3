/** Style sheets that a strict content security policy lets through, unlike style elements. */
export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(css)
  return made
}

export const STYLE = `
:host { display: block; position: relative; min-height: 120px; overflow: hidden; contain: strict;
  color: var(--park-viewer-text, #17233a); font: 12px/1.5 var(--park-viewer-font, system-ui, sans-serif); }
:host([theme="night"]), :host([theme="wall"]) { color: var(--park-viewer-text, #e6eef9); }
.stage { position: absolute; inset: 0; }
canvas:focus-visible { outline: 3px solid var(--park-viewer-accent, #1766d6); }
:host([theme="night"]) canvas:focus-visible, :host([theme="wall"]) canvas:focus-visible { outline-color: var(--park-viewer-accent, #6fb1ff); }
.progress { position: absolute; left: 0; top: 0; height: 2px; background: var(--park-viewer-accent, #1766d6); transition: width .2s; }
.notes { position: absolute; left: 12px; right: 12px; bottom: 12px; display: grid; gap: 6px; justify-items: center; pointer-events: none; }
.notes p { display: flex; gap: 8px; align-items: baseline; margin: 0; padding: 6px 8px 6px 12px; border-radius: 6px; pointer-events: auto;
  background: var(--park-viewer-panel, rgba(16,28,48,.9)); color: var(--park-viewer-panel-text, #fff); font-size: 13px; }
.notes button { border: 0; padding: 0 4px; background: none; color: inherit; font: inherit; cursor: pointer; }
.legend { position: absolute; left: 12px; top: 12px; display: grid; gap: 2px; padding: 6px 10px; border-radius: 6px;
  background: var(--park-viewer-panel, rgba(255,255,255,.86)); font-variant-numeric: tabular-nums; }
:host([theme="night"]) .legend, :host([theme="wall"]) .legend { background: var(--park-viewer-panel, rgba(16,28,48,.86)); }
.legend i { display: block; width: 160px; height: 8px; border-radius: 4px; }
.legend time { opacity: .75; }
[hidden] { display: none !important; }`

/** Of the iframe page: the widget is the whole window. */
export const PAGE_STYLE = 'html, body, park-viewer { margin: 0; width: 100%; height: 100%; display: block }'
