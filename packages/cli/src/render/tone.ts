/** What a piece of text is to the reader. Never the only carrier of its meaning: a symbol or a word says it too. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'strong' | 'faint';
