/** One tile's property table (EXT_structural_metadata, class `object`): local feature id → ordinal and names. */

/** What we use of 3d-tiles-renderer's PropertyTableAccessor; pinned by version. */
export interface TableAccessor {
  count: number
  data: (ArrayBuffer | null)[]
  properties: Record<string, { type: string; componentType: string | null; values: number; stringOffsets: number | null; stringOffsetType: string }>
}

const decoder = new TextDecoder()

function offsetsOf(type: string, buffer: ArrayBuffer, count: number): ArrayLike<number> {
  switch (type) {
    case 'UINT8':
      return new Uint8Array(buffer, 0, count)
    case 'UINT16':
      return new Uint16Array(buffer, 0, count)
    case 'UINT32':
      return new Uint32Array(buffer, 0, count)
    default:
      return Array.from(new BigUint64Array(buffer, 0, count), Number)
  }
}

/** A column of strings from its bytes and offsets (n + 1). Plain ASCII is decoded at once and sliced. */
export function decodeStrings(bytes: Uint8Array, offsets: ArrayLike<number>): string[] {
  const out: string[] = []
  const whole = decoder.decode(bytes)
  const ascii = whole.length === bytes.length
  for (let i = 0; i + 1 < offsets.length; i++) {
    const from = offsets[i] as number
    const to = offsets[i + 1] as number
    out.push(ascii ? whole.slice(from, to) : decoder.decode(bytes.subarray(from, to)))
  }
  return out
}

export class FeatureTable {
  readonly count: number
  /** Whether its objects have names by now: those of a far view come later. */
  named = true
  private readonly strings = new Map<string, readonly string[]>()

  constructor(private readonly accessor: TableAccessor) {
    this.count = accessor.count
  }

  /** Ordinals by local id. A table without the column numbers its rows. */
  ordinals(): ArrayLike<number> {
    const column = this.accessor.properties.ordinal
    const buffer = column && this.accessor.data[column.values]
    if (!column || !buffer) return Uint32Array.from({ length: this.count }, (_, i) => i)
    if (column.componentType === 'UINT16') return new Uint16Array(buffer, 0, this.count)
    if (column.componentType === 'UINT8') return new Uint8Array(buffer, 0, this.count)
    return new Uint32Array(buffer, 0, this.count)
  }

  /** A string column, decoded once; empty strings where the table has no such column. */
  column(name: string): readonly string[] {
    let strings = this.strings.get(name)
    if (!strings) this.strings.set(name, (strings = this.read(name)))
    return strings
  }

  /** Names that stand beside the tile. Throws where they are not those of its objects. */
  know(columns: Record<string, readonly string[]> | null): void {
    for (const name of ['gid', 'name', 'storey']) {
      const strings = columns?.[name]
      if (!Array.isArray(strings) || strings.length !== this.count) throw new Error(`${name}: expected a list of ${this.count} texts`)
    }
    for (const [name, strings] of Object.entries(columns ?? {})) this.strings.set(name, strings)
    this.named = true
  }

  private read(name: string): readonly string[] {
    const column = this.accessor.properties[name]
    const bytes = column && this.accessor.data[column.values]
    const offsets = typeof column?.stringOffsets === 'number' ? this.accessor.data[column.stringOffsets] : null
    if (!column || column.type !== 'STRING' || !bytes || !offsets) return new Array<string>(this.count).fill('')
    return decodeStrings(new Uint8Array(bytes), offsetsOf(column.stringOffsetType, offsets, this.count + 1))
  }
}
