/** The tree of objects as a flat, virtual list: children come from the server when a node is opened. */
import { ExportOutlined } from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'

import { api } from '../api/client'
import { useStore } from '../api/store'
import type { ObjectCard, TreeNode } from '../api/types'
import { useText } from '../i18n/use-text'
import { appearance } from '../styles/scale'
import { ofObject, openExport } from './exporting'
import styles from './layers-content.module.css'
import { useStage, useStageState } from './stage-context'
import { Empty, Skeleton } from './states'
import { useToast } from './toast'

interface Row {
  node: TreeNode
  depth: number
}

function flatten(nodes: readonly TreeNode[], children: ReadonlyMap<string, TreeNode[]>, open: ReadonlySet<string>, depth = 0): Row[] {
  return nodes.flatMap((node) => [
    { node, depth },
    ...(open.has(node.gid) ? flatten(children.get(node.gid) ?? [], children, open, depth + 1) : []),
  ])
}

export function ObjectTree() {
  const stage = useStage()
  const toast = useToast()
  const { t } = useText()
  const selected = useStageState((state) => state.selected, null)
  const unit = useStore(appearance, (value) => value.unit)
  const theme = useStore(appearance, (value) => value.theme)
  const [roots, setRoots] = useState<TreeNode[] | null>(null)
  const [children, setChildren] = useState<ReadonlyMap<string, TreeNode[]>>(new Map())
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [focused, setFocused] = useState(0)
  const frame = useRef<HTMLDivElement>(null)

  useEffect(() => {
    api.get<TreeNode[]>('/tree').then(setRoots, (error: unknown) => {
      setRoots([])
      toast.problem(error)
    })
  }, [toast])

  const rows = useMemo(() => flatten(roots ?? [], children, open), [roots, children, open])
  const height = (theme === 'wall' ? 34 : 28) * unit
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => height, overscan: 12 })

  const toggle = (node: TreeNode, to: boolean): void => {
    const next = new Set(open)
    if (to) next.add(node.gid)
    else next.delete(node.gid)
    setOpen(next)
    if (to && !children.has(node.gid)) {
      api.get<TreeNode[]>('/tree', { parent: node.gid }).then(
        (list) => setChildren((before) => new Map(before).set(node.gid, list)),
        toast.problem,
      )
    }
  }
  const reveal = (node: TreeNode): void => {
    api.get<ObjectCard>('/objects/card', { gid: node.gid }).then((item) => stage?.reveal(item), toast.problem)
  }
  const take = (node: TreeNode): void => openExport(ofObject(node, t))
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const row = rows[focused]
    const move = (to: number): void => {
      const next = Math.max(0, Math.min(rows.length - 1, to))
      setFocused(next)
      virtual.scrollToIndex(next)
    }
    if (event.key === 'ArrowDown') move(focused + 1)
    else if (event.key === 'ArrowUp') move(focused - 1)
    else if (event.key === 'Home') move(0)
    else if (event.key === 'End') move(rows.length - 1)
    else if (event.key === 'ArrowRight' && row) toggle(row.node, true)
    else if (event.key === 'ArrowLeft' && row) toggle(row.node, false)
    else if (event.key === 'Enter' && row) reveal(row.node)
    else if (event.key === 'e' && row && !event.ctrlKey && !event.metaKey && !event.altKey) take(row.node)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  if (!roots) return <Skeleton rows={8} />
  if (roots.length === 0) return <Empty title={t('tree.empty')} hint={t('tree.emptyHint')} />
  return (
    <div
      ref={frame}
      className={`${styles.tree} scroll`}
      role="tree"
      aria-label={t('layers.tree')}
      tabIndex={0}
      aria-keyshortcuts="E"
      aria-activedescendant={rows[focused] ? `tree-${focused}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (!row) return null
          const { node, depth } = row
          const isOpen = open.has(node.gid)
          return (
            <div
              key={item.key}
              id={`tree-${item.index}`}
              role="treeitem"
              aria-level={depth + 1}
              aria-expanded={node.children > 0 ? isOpen : undefined}
              aria-selected={node.gid === selected || item.index === focused}
              className={styles.node}
              style={{ height: item.size, transform: `translateY(${item.start}px)`, paddingLeft: `${depth * 1.1}rem` }}
              onClick={() => {
                setFocused(item.index)
                reveal(node)
              }}
            >
              <span
                className={styles.twisty}
                aria-hidden="true"
                onClick={(event) => {
                  event.stopPropagation()
                  if (node.children > 0) toggle(node, !isOpen)
                }}
              >
                {node.children > 0 ? (isOpen ? '▾' : '▸') : ''}
              </span>
              {node.name || node.gid}
              <small>
                {node.type}
                {node.children > 0 ? ` · ${node.children}` : ''}
              </small>
              <button
                type="button"
                tabIndex={-1}
                className={styles.take}
                title={`${t('menu.export')} (E)`}
                aria-label={t('export.open', { name: node.name || node.gid })}
                onClick={(event) => {
                  event.stopPropagation()
                  take(node)
                }}
              >
                <ExportOutlined />
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
}
