// Columns of text that give way, least important first, until they fit.
import { type Line, lineWidth, type Piece, toned } from './style';

export interface Column {
  readonly title: string;
  readonly cells: readonly Piece[];
  /** Columns with the highest rank go first where there is too little room; rank 0 always stays. */
  readonly rank: number;
}

/** A head of titles and a line for each row. Columns without any content are left out. */
export function tableLines(columns: readonly Column[], width: number): readonly Line[] {
  let shown = columns.filter((column) => column.cells.some((cell) => lineWidth([cell]) > 0));
  for (let rank = Math.max(0, ...shown.map((column) => column.rank)); rank > 0 && tableWidth(shown) > width; rank--) {
    shown = shown.filter((column) => column.rank !== rank);
  }
  const rows = shown[0]?.cells.length ?? 0;
  const lineOf = (cellOf: (column: Column) => Piece): Line =>
    shown.flatMap((column, i) => {
      const cell = cellOf(column);
      return i === shown.length - 1 ? [cell] : [cell, ' '.repeat(columnWidth(column) - lineWidth([cell]) + 2)];
    });
  return [
    lineOf((column) => toned('faint', column.title)),
    ...Array.from({ length: rows }, (_, i) => lineOf((column) => column.cells[i] as Piece)),
  ];
}

function columnWidth(column: Column): number {
  return column.cells.reduce((widest, cell) => Math.max(widest, lineWidth([cell])), lineWidth([column.title]));
}

function tableWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + columnWidth(column) + 2, -2);
}
