<?xml version="1.0" encoding="UTF-8"?>
<!-- First step, written for the tests: each include becomes the root of its file. -->
<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:sch="http://purl.oclc.org/dsdl/schematron">
  <xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
  <xsl:template match="sch:include"><xsl:apply-templates select="document(@href, .)/*"/></xsl:template>
</xsl:stylesheet>
