import { describe, expect, it } from 'vitest'

import { Problem } from '../api/problem'
import { failureSaid, said } from './said'
import type { Text } from '../i18n/use-text'

const t = ((key: string) => `<${key}>`) as Text

describe('what went wrong', () => {
  it('is said in the language, and in English where the server knows no other', () => {
    const problem = new Problem(409, 'taken', 'Point a exists', '测点 a 已存在')
    expect(said(problem, t, 'zh')).toBe('测点 a 已存在')
    expect(said(problem, t, 'en')).toBe('Point a exists')
    expect(said(new Problem(409, 'taken', 'Point a exists'), t, 'zh')).toBe('Point a exists')
    expect(said(new Error('torn'), t, 'zh')).toBe('torn')
  })

  it('is ours where the server is away', () => expect(said(new Problem(0, 'offline', 'Failed to fetch'), t, 'zh')).toBe('<state.offline>'))

  it('of a job is its reason, whoever wrote it', () => {
    expect(failureSaid({ detail: 'no unit', detail_zh: '缺少单位' }, 'zh')).toBe('缺少单位')
    expect(failureSaid({ detail: 'no unit', detail_zh: '缺少单位' }, 'en')).toBe('no unit')
    expect(failureSaid({ message: 'lost' }, 'zh')).toBe('lost')
    expect(failureSaid(null, 'zh')).toBeUndefined()
  })
})
