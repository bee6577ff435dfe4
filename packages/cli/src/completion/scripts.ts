// What a shell needs to ask us at every TAB. The command is asked by the name that was typed, so that a local one answers for itself.

const bash = `# Completion of konfig for bash. For this shell: source <(konfig completion bash)
# For every shell: konfig completion bash > ~/.local/share/bash-completion/completions/konfig
_konfig() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default 2>/dev/null ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _konfig konfig
`;

const zsh = `#compdef konfig
# Completion of konfig for zsh. For this shell: source <(konfig completion zsh)
# For every shell: konfig completion zsh > FOLDER/_konfig, where FOLDER is one of $fpath
_konfig() {
  local line files=''
  local -a values
  for line in "\${(@f)$("\${words[1]}" __complete zsh "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) files=yes ;;
      *) values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( \${#values} )) && _describe -V konfig values && return
  [[ -n $files ]] && _files
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _konfig "$@"; else compdef _konfig konfig; fi
`;

const fish = `# Completion of konfig for fish. For this shell: konfig completion fish | source
# For every shell: konfig completion fish > ~/.config/fish/completions/konfig.fish
function __konfig_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in ($words[1] __complete fish $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = ':files'
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c konfig -f -a '(__konfig_complete)'
`;

/** By the name of the shell. */
export const scripts = { bash, zsh, fish } as const;
