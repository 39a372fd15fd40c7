# ruff: noqa: E501 - a row of these tables is read as one line
"""Our own measure of the redactor: generated secrets in many notations, and look-alikes that must be left.

No secret stands here in one piece, so that scanners leave this file alone; all are made anew from a fixed seed.
"""

from __future__ import annotations

import base64
import random
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

_ALNUM = string.ascii_letters + string.digits
_LOWER = string.ascii_lowercase + string.digits
_UPPER = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"
_URL = _ALNUM + "-_"
_B64 = _ALNUM + "+/"


class Case(NamedTuple):
    """``gone`` must not be seen in the redacted text, each of ``stay`` must."""

    id: str
    text: str
    gone: tuple[str, ...]
    stay: tuple[str, ...] = ()


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def run(self, alphabet: str, length: int) -> str:
        """Random characters, at least one of them a digit and none of the first two a mark."""
        while True:
            made = "".join(self.random.choice(alphabet) for _ in range(length))
            if any(char.isdigit() for char in made) and made[:2].isalnum() and made[-1].isalnum():
                return made

    def uuid(self) -> str:
        return "-".join(self.run(_HEX, n) for n in (8, 4, 4, 4, 12))

    def password(self) -> str:
        return (
            self.random.choice(("Kestrel", "walnut", "Moss", "quartz"))
            + self.random.choice("#!$%^~")
            + self.run(_ALNUM, 6)
        )

    def base64(self, text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    def jwt(self) -> str:
        return f"{self.base64('{' + chr(34) + 'alg' + chr(34) + ':1}').rstrip('=')}.eyJ{self.run(_URL, 60)}.{self.run(_URL, 43)}"

    def pem_lines(self, count: int) -> list[str]:
        return (
            ["MII" + self.run(_B64, 61)] + [self.run(_B64, 64) for _ in range(count - 2)] + [self.run(_B64, 21) + "="]
        )


# (kind, prefix, alphabet, length of the rest, suffix)
_TOKENS = (
    ("github", "ghp" + "_", _ALNUM, 36, ""), ("github-oauth", "gho" + "_", _ALNUM, 36, ""),
    ("github-server", "ghs" + "_", _ALNUM, 36, ""), ("github-refresh", "ghr" + "_", _ALNUM, 76, ""),
    ("github-fine", "github" + "_pat_", _ALNUM, 82, ""), ("gitlab", "glpat" + "-", _URL, 20, ""),
    ("gitlab-runner", "glrt" + "-", _URL, 20, ""), ("gitlab-deploy", "gldt" + "-", _URL, 20, ""),
    ("gitlab-trigger", "glptt" + "-", _HEX, 40, ""), ("aws", "AKIA", _UPPER, 16, ""), ("aws-sts", "ASIA", _UPPER, 16, ""),
    ("google", "AIza" + "Sy", _URL, 33, ""), ("google-oauth", "ya29" + ".a0", _URL, 60, ""),
    ("google-client", "GOCSPX" + "-", _URL, 28, ""), ("slack-bot", "xoxb" + "-123456789012-", _ALNUM, 24, ""),
    ("slack-user", "xoxp" + "-123456789012-", _HEX, 32, ""), ("slack-app", "xapp" + "-1-A0B1C2D3E-123456789012-", _HEX, 64, ""),
    ("slack-hook", "https://hooks.slack.com/services/T01ABCDEF/B02", _ALNUM, 24, ""),
    ("stripe", "sk" + "_live_", _ALNUM, 24, ""), ("stripe-restricted", "rk" + "_live_", _ALNUM, 24, ""),
    ("stripe-test", "sk" + "_test_", _ALNUM, 24, ""), ("stripe-hook", "whsec" + "_", _ALNUM, 32, ""),
    ("openai", "sk" + "-", _ALNUM, 48, ""), ("openai-project", "sk" + "-proj-", _URL, 120, ""),
    ("anthropic", "sk" + "-ant-api03-", _URL, 93, ""), ("openrouter", "sk" + "-or-v1-", _HEX, 64, ""),
    ("hugging-face", "hf" + "_", _ALNUM, 34, ""), ("replicate", "r8" + "_", _ALNUM, 37, ""), ("groq", "gsk" + "_", _ALNUM, 52, ""),
    ("perplexity", "pplx" + "-", _ALNUM, 48, ""), ("xai", "xai" + "-", _ALNUM, 80, ""), ("npm", "npm" + "_", _ALNUM, 36, ""),
    ("pypi", "pypi" + "-AgEIcHlwaS5vcmc", _URL, 120, ""), ("docker", "dckr" + "_pat_", _URL, 27, ""),
    ("digitalocean", "dop" + "_v1_", _HEX, 64, ""), ("mailgun", "key" + "-", _HEX, 32, ""), ("twilio", "SK", _HEX, 32, ""),
    ("mailchimp", "", _HEX, 32, "-us14"), ("linear", "lin" + "_api_", _ALNUM, 40, ""), ("notion", "ntn" + "_", _ALNUM, 46, ""),
    ("notion-old", "secret" + "_", _ALNUM, 43, ""), ("figma", "figd" + "_", _URL, 40, ""), ("shopify", "shpat" + "_", _HEX, 32, ""),
    ("square", "sq0csp" + "-", _URL, 43, ""), ("databricks", "dapi", _HEX, 32, ""), ("atlassian", "ATATT3xFfGF0", _URL, 180, ""),
    ("bitbucket", "ATBB", _ALNUM, 32, ""), ("vault", "hvs" + ".", _URL, 95, ""), ("grafana", "glsa" + "_", _ALNUM, 32, "_1a2b3c4d"),
    ("grafana-cloud", "glc" + "_eyJ", _ALNUM, 80, ""), ("new-relic", "NRAK" + "-", _UPPER, 27, ""),
    ("sentry", "sntrys" + "_eyJ", _ALNUM, 120, ""), ("supabase", "sbp" + "_", _HEX, 40, ""),
    ("planetscale", "pscale" + "_pw_", _URL, 43, ""), ("doppler", "dp" + ".pt.", _ALNUM, 43, ""), ("pulumi", "pul" + "-", _HEX, 40, ""),
    ("rubygems", "rubygems" + "_", _HEX, 48, ""), ("postman", "PMAK" + "-", _HEX, 24, "-" + "ab12" * 8 + "cd"),
    ("airtable", "pat" + "Ab3dE5gH7jK9mN.", _HEX, 64, ""), ("age", "AGE" + "-SECRET-KEY-1", _UPPER, 58, ""),
    ("1password", "ops" + "_eyJ", _ALNUM, 250, ""), ("terraform", "Ab3dE5gH7jK9mN.atlasv1.", _ALNUM, 67, ""),
    ("dynatrace", "dt0c01" + ".ST2EY72KQINMH574WMNVI7YN.", _UPPER, 64, ""), ("heroku", "HRKU" + "-AA", _URL, 58, ""),
    ("tailscale", "tskey" + "-auth-kAbC12CNTRL-", _ALNUM, 32, ""), ("brevo", "xkeysib" + "-", _HEX, 64, "-Ab3dE5gH7jK9mN2p"),
    ("telegram", "1234567890:AA", _URL, 33, ""), ("discord", "M" + "TAxMjM0NTY3ODkwMTIzNDU2.", _ALNUM, 6, "." + "aB3_" * 9 + "xy"),
    ("sendgrid", "SG" + ".Ab3dE5gH7jK9mN2pQ4rS6t.", _URL, 43, ""), ("alibaba", "LTAI", _ALNUM, 20, ""),
    ("easypost", "EZAK", _ALNUM, 54, ""), ("sonar", "squ" + "_", _HEX, 40, ""), ("buildkite", "bkua" + "_", _HEX, 40, ""),
    ("netlify", "nfp" + "_", _ALNUM, 36, ""), ("contentful", "CFPAT" + "-", _URL, 43, ""), ("azure-client", "abc8Q~", _URL, 34, ""),
    ("langsmith", "lsv2" + "_pt_", _HEX, 32, "_0a1b2c3d4e"), ("fly", "fo1" + "_", _URL, 43, ""), ("neon", "napi" + "_", _LOWER, 64, ""),
    ("hubspot", "pat" + "-na1-0a1b2c3d-4e5f-6a7b-8c9d-", _HEX, 12, ""), ("facebook", "EAAC", _ALNUM, 120, ""),
    ("resend", "re" + "_Ab3dE5gH_", _ALNUM, 24, ""), ("jfrog", "AKCp", _ALNUM, 69, ""), ("render", "rnd" + "_", _ALNUM, 32, ""),
)  # fmt: skip

# A token where it is not the value of a plain assignment: before and after it stands what talk and tools put there.
_PLACES = (
    "I pasted {} into the form",
    "(token={})",
    "see ?access_token={}&state=7 in the trace",
    "| DEPLOY | {} |",
    "- `{}`",
    '{{"out":"line\\n{}\\nend"}}',
    "\x1b[32m{}\x1b[0m",
    "> + {}",
    "it failed with {}, then again",
    "«{}»",
    "https://x.test/cb#t={}",
    "git clone https://oauth2:{}@git.test/a/b.git",
)

# {p}: a password with marks, {k}: a random run, {w}: a plain word as people choose them, {u}: a UUID
_LABELLED = (
    ("env", "DB_PASSWORD={p}", "DB_PASSWORD"), ("env-export", "export API_TOKEN={k}", "API_TOKEN"), ("env-quoted", "JWT_SECRET='{k}'", ""),
    ("env-word", "POSTGRES_PASSWORD={w}", ""), ("env-inline", "PGPASSWORD={p} psql -h db.test", "psql"),
    ("env-json", '{{"out": "SMTP_PASS={k}\\nPORT=25"}}', "PORT=25"), ("dockerfile", "ENV ADMIN_PASSWORD {k}", ""),
    ("docker-run", "docker run -e MYSQL_ROOT_PASSWORD={k} mysql:8", "mysql:8"), ("powershell", '$env:API_KEY = "{k}"', ""),
    ("setx", "setx OPENAI_API_KEY {k}", ""), ("fish", "set -x GITLAB_TOKEN {k}", ""), ("yaml", "  password: {p}", "password"),
    ("yaml-quoted", "  client_secret: '{k}'", ""), ("yaml-word", "db:\n  password: {w}\n  port: 1", "port: 1"),
    ("yaml-list", "  - REDIS_PASSWORD={k}", ""), ("k8s-env", "- name: DB_PASSWORD\n  value: {k}", "DB_PASSWORD"),
    ("json", '{{"user": "ann", "password": "{p}"}}', "ann"), ("json-key", '{{"apiKey":"{k}","port":1}}', '"port":1'),
    ("json-escaped", '"{{\\"password\\":\\"{p}\\",\\"a\\":1}}"', ""), ("json-pair", '{{"name": "API_KEY", "value": "{k}"}}', "API_KEY"),
    ("json-word", '{{"password": "{w}"}}', ""), ("toml", 'secret_key = "{k}"', "secret_key"), ("ini", "[db]\npassword = {p}\nhost = a", "host = a"),
    ("properties", "spring.datasource.password={p}", "spring"), ("python", 'password = "{p}"', ""), ("python-typed", 'api_key: str = "{k}"', "str"),
    ("python-kwarg", 'connect(user="ann", password="{w}", timeout=3)', "timeout=3"), ("python-environ", 'os.environ["API_TOKEN"] = "{k}"', "os.environ"),
    ("python-dict", "cfg['auth_token'] = '{k}'", "cfg"), ("python-tuple", 'requests.get(url, auth=("ann", "{p}"))', "ann"),
    ("js", "const apiSecret = '{k}';", "const"), ("ts", 'private readonly password: string = "{p}";', "string"), ("js-object", "login({{ user: 'ann', password: '{p}' }})", "ann"),
    ("js-template", "const token = `{k}`", ""), ("ruby", ':password => "{p}"', ""), ("go", 'password := "{p}"', ""), ("php", "define('DB_PASSWORD', '{p}');", "define"),
    ("java", 'props.put("password", "{p}");', "props"), ("java-setter", 'ds.setPassword("{p}");', "ds"), ("csharp", '.WithPassword("{p}")', ""),
    ("rust", 'let secret_key: &str = "{k}";', "let"), ("kotlin", 'val accessToken: String = "{k}"', ""), ("terraform-var", 'admin_password = "{p}"', ""),
    ("table", "| API_KEY | {k} |", "API_KEY"), ("table-code", "| Admin password | `{p}` |", "Admin"), ("table-wide", "| ann | DB password | {p} | yes |", "yes"),
    ("xml", "<password>{p}</password>", "</password>"), ("xml-attribute", '<user name="ann" password="{p}"/>', "ann"),
    ("xml-add", '<add key="ApiKey" value="{k}" />', "<add"), ("android", '<string name="api_key">{k}</string>', "</string>"),
    ("plist", "<key>apiKey</key><string>{k}</string>", ""), ("maven", "<username>ann</username><password>{p}</password>", "ann"),
    ("sql-identified", "CREATE USER ann IDENTIFIED BY '{p}';", "ann"), ("sql-password", "ALTER ROLE ann WITH PASSWORD '{p}';", "ann"),
    ("sql-plugin", "ALTER USER 'a' IDENTIFIED WITH mysql_native_password BY '{p}';", ""), ("sql-set", "SET PASSWORD FOR 'a' = PASSWORD('{p}');", ""),
    ("netrc", "machine api.test login ann password {k}", "login ann"), ("npmrc", "//registry.test/:_authToken={k}", "registry"),
    ("docker-config", '{{"auths":{{"r.test":{{"auth":"{k}"}}}}}}', "r.test"), ("query", "GET /a?api_key={k}&page=2", "page=2"),
    ("query-token", "https://x.test/a?page=2&access_token={k}", "page=2"), ("azure-string", "AccountName=a;AccountKey={k};EndpointSuffix=b", "EndpointSuffix=b"),
    ("odbc", "Server=db;Uid=ann;Pwd={k};Database=x", "Database=x"), ("bus", "Endpoint=sb://a/;SharedAccessKeyName=r;SharedAccessKey={k}", "r"),
    ("prose-is", "the password is {p}", "the password"), ("prose-digit", "the admin password is {w}, please change it", "please change it"),
    ("prose-for", "Password for the staging box is {p}.", "staging"), ("prose-colon", "api key: {k}", "api key"), ("prose-my", "my token is {k} btw", "btw"),
    ("prose-use", "log in as ann with password {k} and retry", "retry"), ("prose-was", "I changed the password to {p} today", "today"),
    ("prose-code", "The password is `{p}`", ""), ("prose-bold", "**Password:** {p}", "Password"), ("prose-pw", "pw: {p}", ""), ("prose-note", "API key (prod): {k}", "(prod)"),
    ("german", "Das Passwort lautet {p}", "Passwort"), ("german-colon", "Passwort: {p}", ""), ("french", "mot de passe : {p}", ""), ("spanish", "contraseña: {p}", ""),
    ("portuguese", "a senha é {p}", ""), ("dutch", "wachtwoord: {p}", ""), ("polish", "hasło: {p}", ""), ("russian", "пароль: {p}", ""), ("chinese", "密码：{p}", ""), ("japanese", "パスワード：{p}", ""),
    ("flag", "deploy --password {p} --force", "--force"), ("flag-equals", "cli --api-key={k} list", "list"), ("flag-token", "cli login --token {k}", "login"),
    ("flag-word", "mysqladmin --password={w} status", "status"), ("curl-user", "curl -u ann:{p} https://x.test", "https://x.test"),
    ("curl-user-quoted", "curl -s --user 'ann:{p}' https://x.test", "https://x.test"), ("curl-header", "curl -H 'X-Api-Key: {k}' https://x.test", "https://x.test"),
    ("curl-auth", 'curl -H "Authorization: Bearer {k}" https://x.test', "https://x.test"), ("mysql", "mysql -u root -p{k} shop", "shop"),
    ("sshpass", "sshpass -p '{p}' ssh ann@box.test", "ann@box.test"), ("redis-cli", "redis-cli -h r.test -a {k} ping", "ping"),
    ("docker-login", "docker login -u ann -p {k} r.test", "r.test"), ("docker-stdin", "echo {k} | docker login -u ann --password-stdin", "ann"),
    ("openssl", "openssl rsa -in a.pem -passin pass:{k}", "a.pem"), ("helm", "helm install a b --set auth.password={k}", "helm"),
    ("literal", "kubectl create secret generic s --from-literal=password={k}", "generic s"), ("ansible", "-e 'ansible_become_pass={k}'", ""),
    ("authorization", "Authorization: Bearer {k}", "Bearer"), ("authorization-token", "Authorization: token {k}", ""), ("authorization-raw", "Authorization: {k}", ""),
    ("authorization-js", "headers: {{ 'Authorization': 'Bearer {k}' }}", "headers"), ("bearer", "sent as Bearer {k} and refused", "refused"),
    ("x-auth", "X-Auth-Token: {k}", "X-Auth-Token"), ("private-token", "PRIVATE-TOKEN: {k}", ""), ("subscription", "Ocp-Apim-Subscription-Key: {k}", ""),
    ("dd", "DD-API-KEY: {k}", ""), ("cookie", "Cookie: theme=dark; sessionid={k}; lang=en", "theme=dark"), ("set-cookie", "Set-Cookie: sid={k}; Path=/; HttpOnly", "Path=/"),
    ("url", "postgres://app:{k}@db.test:5432/shop", "db.test:5432/shop"), ("url-marks", "postgresql://app:{p}@db.test/shop", "db.test/shop"),
    ("url-mongo", "mongodb+srv://app:{k}@c0.test/?w=1", "c0.test"), ("url-redis", "redis://:{k}@r.test:6379/0", "r.test:6379"), ("url-amqp", "amqps://app:{k}@mq.test/v", "mq.test"),
    ("url-http", "https://ann:{k}@x.test/simple", "x.test/simple"), ("url-ftp", "ftp://ann:{k}@f.test", "f.test"), ("dsn-go", "ann:{k}@tcp(db.test:3306)/shop", "db.test"),
    ("url-slash", "mysql://app:{k}/x@db.test:3306/shop", "db.test:3306"), ("jdbc", "jdbc:mysql://db.test/a?user=ann&password={k}", "ann"),
    ("oracle", "jdbc:oracle:thin:scott/{k}@db.test:1521", "db.test"), ("sentry-dsn", "https://{h}@o1.ingest.test/42", "o1.ingest.test"), ("webhook-discord", "https://discord.com/api/webhooks/123456789012345678/{k}{k}", ""),
    ("sas", "https://a.blob.test/c?sv=2023&sig={k}%3D", "sv=2023"), ("presigned", "https://b.test/o?X-Amz-Expires=900&X-Amz-Signature={h}{h}", "900"), ("aws-secret", "aws_secret_access_key = {a}", "aws_secret_access_key"),
    ("aws-configure", "aws configure set aws_secret_access_key {a}", "aws configure"), ("datadog", "datadog api key {h}", "datadog"), ("uuid-key", "HEROKU_API_KEY={u}", ""),
    ("wireguard", "PrivateKey = {b}=", ""), ("otp", "your verification code is 482913", "your"), ("pgpass", "db.test:5432:shop:ann:{k}", "db.test"), ("mnemonic", "seed phrase: {m}", ""),
    ("creds", "creds: ann / {p}", ""), ("login-slash", "login is ann/{p}", "login"), ("name-password", "username: ann, password: {p}", "ann"), ("htpasswd", "ann:$apr1$Ab3dE5gH$" + "Kq7" * 7 + "x", ""),
    ("bcrypt", "hash $2b$12$" + "Ab3dE5gH7jK" * 4 + "aBc9dEfGh", ""), ("connection-user", "user=ann password={k} host=db.test", "host=db.test"), ("git-config", "git config credential.token {k}", ""),
    ("url-encoded", "redirect=https%3A%2F%2Fx.test%2F%3Ftoken%3D{k}%26a", ""), ("vscode", '"github.token": "{k}"', ""), ("swift", 'let apiKey = "{k}"', ""), ("gradle", 'signingPassword "{p}"', ""),
    ("secret-word", "SECRET_KEY = '{w}-{w}'", ""), ("list-item", "* token -> {k}", ""), ("fullwidth", "token：{k}", ""), ("env-ps", "Env: TOKEN={k} HOME=/root", "HOME=/root"),
)  # fmt: skip


def secrets() -> Iterator[Case]:
    """At least 200 generated secrets, always the same ones."""
    make = _Maker(20)
    for index, (kind, prefix, alphabet, length, suffix) in enumerate(_TOKENS):
        token = prefix + make.run(alphabet, length) + suffix
        secret = token.rsplit("/", 1)[-1] if kind == "slack-hook" else token
        place = _PLACES[index % len(_PLACES)] if kind != "slack-hook" else "{}"
        yield Case(kind, place.format(token), (secret,))
    for kind, form, stay in _LABELLED:
        fills = {
            "p": make.password(), "k": make.run(_ALNUM, 24), "w": "falcon" + make.run(string.digits, 2), "u": make.uuid(),
            "h": make.run(_HEX, 32), "a": make.run(_ALNUM, 19) + "/" + make.run(_ALNUM, 20), "b": make.run(_B64, 43),
            "m": "orbit lemon tiger cradle velvet anchor puzzle meadow copper island flame garden",
        }  # fmt: skip
        gone = tuple(value for name, value in fills.items() if "{" + name + "}" in form) or _literal_secret(form)
        yield Case(kind, form.format(**fills) if gone != _literal_secret(form) else form, gone, (stay,) if stay else ())
    yield from _forms(make)
    yield from _blocks(make)
    yield from _wholes(make)


def _literal_secret(form: str) -> tuple[str, ...]:
    return ("482913",) if "482913" in form else (form.rsplit("$", 1)[-1],) if "$2b$" in form or "$apr1$" in form else ()


def _forms(make: _Maker) -> Iterator[Case]:
    """forms.txt: ``{p}`` a password, ``{k}`` a random run, ``{b}`` base64 of a login, ``{H32}`` 32 hex digits and so on."""
    simple: dict[str, Callable[[], str]] = {
        "p": make.password,
        "w": lambda: "tulip" + make.run(string.digits, 3), "k": lambda: make.run(_ALNUM, 24), "b": lambda: make.base64("ann:" + make.run(_ALNUM, 17)),
        "a": lambda: make.run(_ALNUM, 12) + "/" + make.run(_ALNUM, 10) + "+" + make.run(_ALNUM, 16), "uuid": make.uuid,
    }  # fmt: skip
    alphabets = {"K": _ALNUM, "U": _URL, "H": _HEX, "L": _LOWER, "R": _UPPER, "D": string.digits, "B": _B64, "A": _B64}
    lines = Path(__file__).with_name("forms.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    for number, form in enumerate(lines, 1):
        gone: list[str] = []

        def fill(hole: re.Match[str], gone: list[str] = gone) -> str:
            name = hole[1]
            made = simple[name]() if name in simple else make.run(alphabets[name[0]], int(name[1:]))
            gone.append(made)
            return made

        text = re.sub(r"\{(p|k|a|b|w|uuid|[KUHLRDBA][0-9]+)\}", fill, form)
        yield Case(f"form-{number}", text.replace("\\n", "\n").replace("\\t", "\t"), tuple(gone) or ("velvet anchor",))


def _blocks(make: _Maker) -> Iterator[Case]:
    for name in (
        "RSA PRIVATE KEY",
        "PRIVATE KEY",
        "EC PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ):
        lines = make.pem_lines(5)
        head, tail = f"-----BEGIN {name}-----", f"-----END {name}-----"
        whole = [head, *lines, tail]
        slug = name.lower().replace(" ", "-")
        yield Case(f"pem-{slug}", "key:\n" + "\n".join(whole) + "\nafter", tuple(lines), ("key:", "after"))
        yield Case(f"pem-truncated-{slug}", "\n".join(whole[:4]), tuple(lines[:3]))
        yield Case(f"pem-escaped-{slug}", '{"k": "' + "\\n".join(whole) + '", "a": 1}', tuple(lines), ('"a": 1',))
        yield Case(
            f"pem-quoted-{slug}",
            "\n".join("> " + line for line in whole) + "\n\nwhat is this",
            tuple(lines),
            ("what is this",),
        )
    lines = make.pem_lines(4)
    pem = ["-----BEGIN RSA PRIVATE KEY-----", *lines, "-----END RSA PRIVATE KEY-----"]
    yield Case("pem-diff", "\n".join("+" + line for line in pem), tuple(lines))
    yield Case("pem-removed", "\n".join("-" + line for line in pem), tuple(lines))
    yield Case("pem-indented", "\n".join("      " + line for line in pem), tuple(lines))
    yield Case("pem-numbered", "\n".join(f"{n:>6}→{line}" for n, line in enumerate(pem, 1)), tuple(lines))
    yield Case("pem-spaces", " ".join(pem), tuple(lines))
    yield Case("pem-code", "key = (\n" + "\n".join(f'    "{line}\\n"' for line in pem) + "\n)", tuple(lines))
    yield Case(
        "pem-headers",
        "\n".join([pem[0], "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0A1B", "", *pem[1:]]),
        tuple(lines),
    )
    yield Case("pem-elided", "\n".join([pem[0], lines[0], "...", pem[-1]]), (lines[0],))
    yield Case("pem-headless", "\n".join([*lines, pem[-1]]), tuple(lines))
    yield Case("pem-base64", make.base64("\n".join(pem)), (make.base64("\n".join(pem))[40:-8],))
    putty = ["PuTTY-User-Key-File-2: ssh-rsa", "Private-Lines: 4", *lines, "Private-MAC: " + make.run(_HEX, 40)]
    yield Case("putty", "\n".join(putty), (*lines, putty[-1][13:]), ("PuTTY-User-Key-File-2",))


def _wholes(make: _Maker) -> Iterator[Case]:
    basic, token, jwt = make.base64("ann:" + make.password()), make.run(_ALNUM, 30), make.jwt()
    yield Case("basic", f"Authorization: Basic {basic}", (basic,), ("Basic",))
    yield Case("jwt", f"got {jwt} back", (jwt,), ("got", "back"))
    yield Case("jwt-cookie", f"Cookie: a=b; auth={jwt}", (jwt,))
    yield Case("recurs", f"TOKEN={token}\nlater {token} again", (token,), ("later", "again"))
    yield Case("k8s-data", f"kind: Secret\ndata:\n  password: {basic}", (basic,), ("kind: Secret",))
    hidden = make.base64("export AWS_SECRET_ACCESS_KEY=" + make.run(_ALNUM, 40))
    yield Case("encoded-env", f"run echo {hidden} | base64 -d", (hidden.rstrip("="),), ("base64 -d",))


LOOK_ALIKES = tuple(Path(__file__).with_name("look_alikes.txt").read_text(encoding="utf-8").rstrip("\n").split("\n"))
