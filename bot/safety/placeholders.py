"""Tells a stand-in for a secret from a secret: variables, masks, samples, code that fetches the value."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MASK = re.compile(r"[xX]{5}|[*•●]{3}|\.{3}|…|_{4}|#{4}|-{5}|<[A-Za-z][^<>\n]{0,60}>|0{12}")
_SAMPLE_WORDS = frozenset(
    "your example examples placeholder changeme changeit replace replaceme insert dummy redacted"
    " todo fixme fake sample here goes masked hidden removed omitted elided truncated xxx foobar yourpassword"
    " yourtoken yourkey yoursecret yourapikey snip tbd lorem ipsum".split()
)
_SAMPLES = frozenset(
    "password passwd pass pwd passphrase secret secrets token tokens key keys apikey api_key api-key mypassword"
    " my-password my_password mysecret my-secret my_secret mytoken my-token my_token test foo bar baz foobar qux"
    " null none nil true false undefined nan yes no on off empty blank unset n/a na - -- ? ... value string"
    " str int bool boolean bytes number object any unknown never void char varchar text float double long date"
    " required optional missing invalid valid incorrect correct wrong expired disabled enabled unchanged default"
    " input hidden default stdin prompt plain raw hash hashed bcrypt argon2 basic bearer digest oauth oauth2 jwt"
    " sha1 sha256 sha512 md5 hs256 rs256 es256 utf8 utf-8 ascii base64 auto self this error username user"
    " type name label field pattern email html".split()
)
_VARIABLE = re.compile(
    r"""(?x)
    \$[A-Z_][A-Z0-9_]*            # $TOKEN
    | \$[a-z_]+(?:[A-Z][a-z]+)*   # $token, $dbPassword
    | \$\d
    | \$\$?\{[^{}\n]*\}           # ${TOKEN}
    | \$\{\{[^{}\n]*\}\}          # ${{ secrets.TOKEN }}
    | \$\([^()\n]*\)?             # $(pass show x)
    | \$this->.*
    | \$env:\w+
    | %[A-Za-z_]\w*%              # %TOKEN%
    | %(?:\(\w+\))?[sdrvq]        # %s
    | \{\{.*\}?\}?                # {{ token }}
    | \#?\{[\w.\[\]'":!() -]*\}   # {token}, #{token}
    | <%.*%?>?
    | <[^<>\n]*>?                 # <token>
    | \[[A-Za-z][\w .:-]*\]       # [token]
    | @\w+@
    | :[a-z_]+                    # :password
    | !\w+.*                      # !Ref, !secret
    | &[a-z]\w*
    | \*+ | \?+ | [.\-_=~#]+
    """
)
_CODE = re.compile(
    r"""(?x)
    (?:process\.env|import\.meta\.env|os\.environ|os\.getenv|System\.|Deno\.env|ENV[\[.]|env[\[.(]|getenv|secrets[\[.]
      |vars\.|var\.|local\.|data\.|module\.|config[\[.(]|settings[\[.(]|self\.|this\.|req\.|request\.|ctx\.|params[\[.]|args[\[.]
      |arn:|op://|vault:|ssm:|env:|file:|ref\+|projects/|kms:|ENC\[|awskms:|sops:|https?://|ssh-(?:rsa|ed25519)|ecdsa-|data:
      |lambda\b|function\b|async\b|await\b|new[ ]|return\b|typeof\b|Optional\[|Union\[|List\[|list\[|Dict\[|dict\[
      |github_token\b).*
    | !?[A-Za-z_][\w.:>\-]*[A-Za-z_\d]?!?\(.*       # a call
    | [A-Za-z_]\w*\[[\w"'. -]*\]?.*                 # an index
    | [a-z_][A-Za-z_]*[0-9]{0,2}(?:(?:\??\.|::|->)[A-Za-z_][A-Za-z_]*[0-9]{0,2})+  # an attribute
    | @[A-Z]\w*\..*                 # a view's model
    | [a-z_]+(?:\|[a-z_]+(?::[\w,]*)?)+  # validation rules
    | [A-Z][A-Za-z]*(?:(?:\??\.|::)[A-Za-z_]+)+     # a constant of a class
    """
)
_PATH = re.compile(
    r"""(?x)
    (?:~|\.{1,2})?/(?:[a-z0-9_.@-]{1,40}/){0,12}[a-z0-9_.@-]{0,60}
    | (?:~|\.{1,2}|/(?:Users|home|etc|var|opt|usr|run|tmp|root|mnt|app|srv|secrets))/[^\s]*
    | [A-Za-z]:\\[^\s]*
    | [a-z][a-z_.-]{0,40}(?:/[a-z][a-z0-9_.-]{0,40}){1,8}
    | [\w./~-]*\.(?:pem|key|crt|cer|json|ya?ml|txt|env|toml|ini|py|tsx?|jsx?|go|rs|rb|java|php|md|log|conf|cfg|pub|p12
        |pfx|jks|sh|html|css|sql)
    """
)


def is_masked(value: str) -> bool:
    """Whether a token's random part was masked (``xxxx``, ``****``, ``...``) or spells a sample (``YOUR_KEY``)."""
    if _MASK.search(value) or value.endswith(("EXAMPLE", "EXAMPLEKEY")):
        return True
    return any(word.lower() in _SAMPLE_WORDS for word in _WORD.findall(value)) and not _has_noise(value)


def is_placeholder(value: str) -> bool:
    """Whether a labelled value is a stand-in: a variable, a mask, a sample, a type, a file's path or code."""
    bare = value.strip()
    if len(set(bare)) <= 1 or bare.lower() in _SAMPLES or "EXAMPLE" in bare:
        return True
    if _VARIABLE.fullmatch(bare) or is_masked(bare):
        return True
    return bool(_CODE.fullmatch(bare) or _PATH.fullmatch(bare))


def _has_noise(value: str) -> bool:
    """Whether letters and digits alternate as they do in random text, so that a word in it is chance."""
    return len(re.findall(r"[a-z][0-9]|[0-9][a-z]", value, re.IGNORECASE)) >= 5
