# Completions of portia for bash. Try it: source <(portia completion bash); to keep it:
# portia completion bash > ~/.local/share/bash-completion/completions/portia
_portia() {
  local line=${COMP_LINE:0:COMP_POINT} current word words
  # Not COMP_WORDS: bash breaks words at colons, and 127.0.0.1:3000 is one.
  read -ra words <<< "$line"
  current=
  case $line in *[[:space:]]) ;; *) current=${words[${#words[@]}-1]}; unset 'words[${#words[@]}-1]' ;; esac
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    [ "$word" = :files ] && return
    # What stands before the last colon is on the line already.
    case $current in *:*) word=${word#"${current%:*}:"} ;; esac
    COMPREPLY+=("$(printf %q "$word")")
  done < <("${words[0]}" complete -- "${words[@]:1}" "$current" 2>/dev/null)
}
complete -o default -F _portia portia
