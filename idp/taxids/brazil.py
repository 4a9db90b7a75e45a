"""Brazil: CPF for people, CNPJ for companies and other entities."""

from __future__ import annotations

import re

from stdnum.br import cnpj, cpf

from idp.taxids.scheme import Scheme, companies, picture

CPF = Scheme(
    country="br",
    name="cpf",
    # Eleven equal digits satisfy the arithmetic, but no such CPF is ever given out.
    form=re.compile(r"(?!([0-9])\1{10})[0-9]{11}"),
    is_sound=cpf.is_valid,
    format=picture("###.###.###-##"),
    # The customary mask of the Brazilian government's transparency portal.
    mask=picture("***.###.###-**"),
    compat_claim="cpf",
)

# IN RFB 2.229/2024: letters may stand in the first twelve places since July 2026; numbers given
# out before stay valid. The published samples refuse lower case, hence no folding here.
CNPJ = Scheme(
    country="br",
    name="cnpj",
    form=re.compile(r"(?!([0-9])\1{13})[0-9A-Z]{12}[0-9]{2}"),
    is_sound=cnpj.is_valid,
    format=picture("##.###.###/####-##"),
    mask=picture("**.###.###/****-**"),
    is_company=companies,
    compat_claim="cnpj",
)
