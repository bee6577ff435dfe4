// What konfig doctor found, area by area; what is not well with what to do.
import type { DoctorFinding, FindingState } from '../doctor/finding';
import { cleanLines } from './clean-text';
import { type Line, paintLines, type Style, toned } from './style';
import { type Sign, stateSigns, symbolsOf } from './symbols';
import { padTo, widthOf, wrapText } from './text-width';

const signs: { readonly [state in FindingState]: Sign } = {
  well: stateSigns.done,
  warning: { symbol: 'warning', tone: 'warn' },
  broken: stateSigns.failed,
  absent: stateSigns.pending,
};

/** What `konfig doctor` prints. */
export function doctorText(findings: readonly DoctorFinding[], options: Style & { readonly width: number }): string {
  const symbols = symbolsOf(options);
  const width = Math.min(32, Math.max(0, ...findings.map(({ what }) => widthOf(what))));
  const indent = ' '.repeat(width + 6);
  const room = Math.max(30, options.width - indent.length);
  const linesOf = ({ what, state, message, hint }: DoctorFinding): readonly Line[] => {
    const { symbol, tone } = signs[state];
    const [first = '', ...more] = cleanLines(message).flatMap((line) => wrapText(line, room));
    const hints = hint === undefined ? [] : cleanLines(hint).flatMap((line) => wrapText(line, room));
    return [
      ['  ', toned(tone, symbols[symbol]), ` ${padTo(what, width)}  `, state === 'absent' ? toned('faint', first) : first],
      ...more.map((line): Line => [indent, line]),
      ...hints.map((line): Line => [indent, toned('strong', line)]),
    ];
  };
  const areas = [...new Set(findings.map(({ area }) => area))];
  const lines = areas.flatMap((area): readonly Line[] => [
    [toned('strong', `${(area[0] as string).toUpperCase()}${area.slice(1)}`)],
    ...findings.filter((finding) => finding.area === area).flatMap(linesOf),
    [],
  ]);
  return paintLines([...lines, [toned('strong', countText(findings))]], options);
}

function countText(findings: readonly DoctorFinding[]): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const broken = count('broken');
  const warnings = count('warning');
  if (broken + warnings === 0) return 'All is well.';
  const words = [
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return `${words.join(', ')}.`;
}
