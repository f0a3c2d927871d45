"""Canned queries: a question in plain words, its SPARQL, and typed parameters that anybody can fill in.

A canned query is one file `<name>.rq` that begins with a YAML header in lines with `#+`, as grlc reads it:

    #+ summary: Who develops what?
    #+ description: One row for each sentence that says so.
    #+ tags: [relations]
    #+ parameters:
    #+   thing: {description: a technology by any of its names, examples: [Blackwell]}

Parameters are the variables that begin with "_" (required) or "__" (optional); the end of their names gives the type,
as in grlc and BASIL:

    ?_name                   a text (a plain literal)
    ?_name_iri               an IRI, in full or with a prefix ("aig:Announced")
    ?_name_integer           a whole number
    ?_name_xsd_date          an XSD type: string, integer, decimal, double, boolean, date, dateTime, gYear, gYearMonth
    ?_name_lang              a language tag ("en"), for LANG()
    ?_name_en                a text in a language given by its two letters

Binding replaces the variables' tokens by serialised terms, never text by text, so no value can change what is asked.
A parameter may list all its `values`, or have `choices`: a graph pattern that binds `?value` to what the graph offers.

An optional parameter that is not given stays an unbound variable: `FILTER(!BOUND(?__since_xsd_date) || …)`.
"""

from aigraph.queries.binding import bind, choices_query, with_prefixes
from aigraph.queries.files import RESERVED, CannedQuery, Chart, find, load_queries
from aigraph.queries.paging import page_of
from aigraph.queries.parameters import Parameter, ParameterType
from aigraph.queries.scaffold import scaffold
from aigraph.queries.schemas import schema_of

__all__ = [
    "RESERVED",
    "CannedQuery",
    "Chart",
    "Parameter",
    "ParameterType",
    "bind",
    "choices_query",
    "find",
    "load_queries",
    "page_of",
    "scaffold",
    "schema_of",
    "with_prefixes",
]
